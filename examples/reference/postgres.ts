import pg from 'pg'
import { startDatabases } from '../../test/databases/index.js'
import { addressOf, type ExampleDatabase, namesFor, randomPassword } from './database.js'

/**
 * Makes a PostgreSQL database for one run of an example, on the server of `TEST_POSTGRES_URL` or on one that it starts.
 * The roles may connect; what they may read and write is for the example to grant.
 */
export async function openPostgres(example: string, tablesSql: string): Promise<ExampleDatabase> {
  const server = await startDatabases({ engines: ['postgres'] })
  const { adminUrl } = server.postgres
  const names = namesFor(example)
  const { database, reader, writer } = names
  const passwords = { reader: randomPassword(), writer: randomPassword() }
  const admin = new pg.Client({ connectionString: addressOf(adminUrl, database) })
  const drop = async () => {
    await admin.end().catch(() => undefined)
    await onServer(adminUrl, [
      `drop database if exists ${database} with (force)`,
      `drop role if exists ${reader}, ${writer}`,
    ])
    await server.stop()
  }

  try {
    await onServer(adminUrl, [
      `create database ${database} template template0 encoding 'UTF8'`,
      `revoke all on database ${database} from public`,
      `create role ${reader} login password '${passwords.reader}'`,
      `create role ${writer} login password '${passwords.writer}'`,
      `grant connect on database ${database} to ${reader}, ${writer}`,
      // The missing grants keep the reader from writing; this is the second lock.
      `alter role ${reader} set default_transaction_read_only = on`,
    ])
    await admin.connect()
    await admin.query(tablesSql)
  } catch (error) {
    await drop()
    throw error
  }

  return {
    readerUrl: addressOf(adminUrl, database, { user: reader, password: passwords.reader }),
    writerUrl: addressOf(adminUrl, database, { user: writer, password: passwords.writer }),
    run: async (sql) => void (await admin.query(sql)),
    rows: async (sql) => (await admin.query(sql)).rows,
    drop,
  }
}

async function onServer(adminUrl: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}
