import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise'
import { addressFor, databaseAddress, randomPassword, randomWorldNames, type WorldRoles } from './names.js'

export interface MysqlWorldOptions {
  /** Statements that create tables and rows, run by the administrator in the fresh database. */
  readonly schemaSql?: string
  /**
   * Grants for the two users in place of the usual ones. A right given for the whole database
   * cannot be taken back for one table, so narrower rights have to be given from the start.
   *
   * @defaultValue `select` for the reader, `select, insert, update` for the writer, on the database
   */
  readonly grants?: (roles: WorldRoles & { readonly database: string }) => string
}

/** A fresh database with a user who reads and a user who writes. */
export interface MysqlWorld {
  /** Logs the administrator in to this database. */
  readonly adminUrl: string
  readonly readerUrl: string
  readonly writerUrl: string
  readonly readerName: string
  readonly writerName: string
  /** An administrator connected to this database, who may send several statements at once. */
  readonly admin: Connection
  /** Removes the database and both users, and ends whatever is still connected. */
  drop(): Promise<void>
}

/** Creates a database and two users of its own on a server, all with random names. */
export async function createMysqlWorld(serverUrl: string, options: MysqlWorldOptions = {}): Promise<MysqlWorld> {
  const names = randomWorldNames()
  const passwords = { reader: randomPassword(), writer: randomPassword() }
  const grants = options.grants ?? usualGrants
  await onServer(serverUrl, [
    `create database ${names.database} character set utf8mb4`,
    `create user ${names.reader} identified by '${passwords.reader}'`,
    `create user ${names.writer} identified by '${passwords.writer}'`,
  ])

  const adminUrl = databaseAddress(serverUrl, names.database)
  const admin = await mysql.createConnection({ uri: adminUrl, multipleStatements: true })
  const drop = async (): Promise<void> => {
    await admin.end()
    await disconnect(serverUrl, [names.reader, names.writer])
    await onServer(serverUrl, [
      `drop database if exists ${names.database}`,
      `drop user if exists ${names.reader}, ${names.writer}`,
    ])
  }

  try {
    if (options.schemaSql) await admin.query(options.schemaSql)
    await admin.query(grants(names))
  } catch (error) {
    await drop()
    throw error
  }

  return {
    adminUrl,
    readerUrl: addressFor(serverUrl, names.database, names.reader, passwords.reader),
    writerUrl: addressFor(serverUrl, names.database, names.writer, passwords.writer),
    readerName: names.reader,
    writerName: names.writer,
    admin,
    drop,
  }
}

function usualGrants({ database, reader, writer }: WorldRoles & { readonly database: string }): string {
  return `
    grant select on ${database}.* to ${reader};
    grant select, insert, update on ${database}.* to ${writer};
  `
}

/** An open transaction of a test that failed would keep its tables from being dropped. */
async function disconnect(serverUrl: string, users: readonly string[]): Promise<void> {
  await withConnection(serverUrl, async (connection) => {
    const query = 'select id as id from information_schema.processlist where user in (?, ?)'
    const [connections] = await connection.query<RowDataPacket[]>(query, [...users])
    for (const { id } of connections) {
      // It may have ended by itself in the meantime.
      await connection.query('kill ?', [id]).catch(() => {})
    }
  })
}

async function onServer(serverUrl: string, statements: readonly string[]): Promise<void> {
  await withConnection(serverUrl, async (connection) => {
    for (const statement of statements) await connection.query(statement)
  })
}

async function withConnection(serverUrl: string, work: (connection: Connection) => Promise<void>): Promise<void> {
  const connection = await mysql.createConnection({ uri: serverUrl })
  try {
    await work(connection)
  } finally {
    await connection.end()
  }
}
