import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise'
import { startDatabases } from '../../test/databases/index.js'
import { addressOf, type ExampleDatabase, namesFor, randomPassword } from './database.js'

/**
 * Makes a MariaDB database for one run of an example, on the server of `TEST_MYSQL_URL` or on one that it starts. The
 * users may log in; what they may read and write is for the example to grant.
 */
export async function openMariadb(example: string, tablesSql: string): Promise<ExampleDatabase> {
  const server = await startDatabases({ engines: ['mysql'] })
  const { adminUrl } = server.mysql
  const names = namesFor(example)
  const { database, reader, writer } = names
  const passwords = { reader: randomPassword(), writer: randomPassword() }
  let admin: Connection | undefined
  const drop = async () => {
    await admin?.end()
    await onServer(adminUrl, [`drop database if exists ${database}`, `drop user if exists ${reader}, ${writer}`])
    await server.stop()
  }

  try {
    await onServer(adminUrl, [
      `create database ${database} character set utf8mb4`,
      `create user ${reader} identified by '${passwords.reader}'`,
      `create user ${writer} identified by '${passwords.writer}'`,
    ])
    admin = await mysql.createConnection({ uri: addressOf(adminUrl, database), multipleStatements: true })
    await admin.query(tablesSql)
  } catch (error) {
    await drop()
    throw error
  }

  const connection = admin
  return {
    readerUrl: addressOf(adminUrl, database, { user: reader, password: passwords.reader }),
    writerUrl: addressOf(adminUrl, database, { user: writer, password: passwords.writer }),
    run: async (sql) => void (await connection.query(sql)),
    rows: async (sql) => (await connection.query<RowDataPacket[]>(sql))[0],
    drop,
  }
}

async function onServer(adminUrl: string, statements: readonly string[]): Promise<void> {
  const connection = await mysql.createConnection({ uri: adminUrl })
  try {
    for (const statement of statements) await connection.query(statement)
  } finally {
    await connection.end()
  }
}
