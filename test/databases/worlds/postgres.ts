import pg from 'pg'
import { addressFor, databaseAddress, randomPassword, randomWorldNames, type WorldRoles } from './names.js'

export interface PostgresWorldOptions {
  /** Statements that create tables and rows, run by the administrator in the fresh database. */
  readonly schemaSql?: string
  /** Grants for the two roles, which may do nothing until they are given something. */
  readonly grants?: (roles: WorldRoles) => string
}

/** A fresh database with a role that reads and a role that writes. */
export interface PostgresWorld {
  /** Logs the administrator in to this database. */
  readonly adminUrl: string
  readonly readerUrl: string
  readonly writerUrl: string
  readonly readerName: string
  readonly writerName: string
  /** A superuser connected to this database. */
  readonly admin: pg.Client
  /** Removes the database and both roles, and ends whatever is still connected. */
  drop(): Promise<void>
}

/** Creates a database and two roles of its own on a server, all with random names. */
export async function createPostgresWorld(
  serverUrl: string,
  options: PostgresWorldOptions = {},
): Promise<PostgresWorld> {
  const names = randomWorldNames()
  const passwords = { reader: randomPassword(), writer: randomPassword() }
  await onServer(serverUrl, [
    `create database ${names.database} template template0 encoding 'UTF8'`,
    `revoke all on database ${names.database} from public`,
    `create role ${names.reader} login password '${passwords.reader}'`,
    `create role ${names.writer} login password '${passwords.writer}'`,
    `grant connect on database ${names.database} to ${names.reader}, ${names.writer}`,
    // The missing grants keep the reader from writing; this is the second lock.
    `alter role ${names.reader} set default_transaction_read_only = on`,
  ])

  const adminUrl = databaseAddress(serverUrl, names.database)
  const admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
  const drop = async (): Promise<void> => {
    await admin.end()
    await onServer(serverUrl, [
      `drop database if exists ${names.database} with (force)`,
      `drop role if exists ${names.reader}, ${names.writer}`,
    ])
  }

  try {
    // Before version 15 everyone may create tables there.
    await admin.query('revoke create on schema public from public')
    if (options.schemaSql) await admin.query(options.schemaSql)
    if (options.grants) await admin.query(options.grants(names))
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

async function onServer(serverUrl: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}
