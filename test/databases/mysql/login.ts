import mysql, { type RowDataPacket } from 'mysql2/promise'

/** Logs in once and tells the version of the server and whether one came in as an administrator. */
export async function loginToMysql(url: string): Promise<{ version: string; isAdministrator: boolean }> {
  const connection = await mysql.createConnection({ uri: url, connectTimeout: 5_000 })
  try {
    const [[row]] = await connection.query<RowDataPacket[]>('select version() as version')
    const [grants] = await connection.query<RowDataPacket[]>('show grants')
    const statements = grants.flatMap((grant) => Object.values(grant)).map(String)
    return { version: nameVersion(String(row?.version)), isAdministrator: statements.some(mayCreateUsers) }
  } finally {
    await connection.end()
  }
}

function mayCreateUsers(grant: string): boolean {
  return /\bON \*\.\*/.test(grant) && /\b(ALL PRIVILEGES|CREATE USER)\b/.test(grant)
}

function nameVersion(version: string): string {
  return version.includes('MariaDB') ? `MariaDB ${version.replace(/-MariaDB.*/, '')}` : `MySQL ${version}`
}
