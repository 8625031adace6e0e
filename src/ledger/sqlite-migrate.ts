import { RunnerError } from '../errors.js'
import { readInteger } from './rows.js'
import type { Connection } from './sqlite-connection.js'
import { unavailable } from './sqlite-errors.js'
import { APPLICATION_ID, MIGRATIONS, SCHEMA_VERSION } from './sqlite-schema.js'

/** Gives a new file its schema and refuses a file that is not a ledger of this version. */
export function prepareSchema(connection: Connection, location: string): void {
  if (isEmpty(connection)) migrateSchema(connection, location)
  assertCurrent(schemaVersion(connection, location))
}

/** Brings an older schema to this version's, all of it or nothing. */
export function migrateSchema(connection: Connection, location: string): void {
  connection.write('durable', () => {
    const version = isEmpty(connection) ? 0 : schemaVersion(connection, location)
    if (version > SCHEMA_VERSION) throw tooNew(version)
    for (const step of MIGRATIONS.slice(version)) connection.exec(step)
    connection.exec(`pragma application_id = ${APPLICATION_ID}`)
    connection.exec(`pragma user_version = ${SCHEMA_VERSION}`)
  })
}

/** @throws RunnerError `LEDGER_UNAVAILABLE` for another program's database. */
export function schemaVersion(connection: Connection, location: string): number {
  if (pragma(connection, 'application_id') !== APPLICATION_ID) {
    throw unavailable(location, 'The file is the database of another program. Name another file for the ledger.')
  }
  return pragma(connection, 'user_version')
}

export function assertCurrent(version: number): void {
  if (version > SCHEMA_VERSION) throw tooNew(version)
  if (version === SCHEMA_VERSION) return
  throw new RunnerError('LEDGER_OUTDATED', `The ledger has schema ${version}, this version needs ${SCHEMA_VERSION}.`, {
    details: { schema_version: version, needed: SCHEMA_VERSION },
  })
}

function tooNew(version: number): RunnerError {
  return new RunnerError('LEDGER_TOO_NEW', `The ledger has schema ${version}, this version knows ${SCHEMA_VERSION}.`, {
    details: { schema_version: version, known: SCHEMA_VERSION },
  })
}

function isEmpty(connection: Connection): boolean {
  return connection.get('select 1 from sqlite_schema limit 1') === undefined
}

function pragma(connection: Connection, name: string): number {
  return readInteger(connection.get(`pragma ${name}`) ?? {}, name)
}
