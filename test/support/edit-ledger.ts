import { openSqlite } from '../../src/drivers/sqlite-library.js'

/** Changes a ledger as whoever owns its file could: first what keeps records from being changed is removed. */
export async function editLedger(file: string, ...statements: readonly string[]): Promise<void> {
  const database = await openSqlite(file, { mode: 'write', busy_timeout_ms: 1000 })
  try {
    const triggers = database.prepare("select name from sqlite_schema where type = 'trigger'").all()
    for (const { name } of triggers) database.exec(`drop trigger ${name}`)
    for (const statement of statements) database.exec(statement)
  } finally {
    database.close()
  }
}
