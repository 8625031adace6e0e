import { RunnerError } from '../errors.js'
import type { TableRef } from '../sql/dialect.js'
import { postgresDialect } from '../sql/postgres.js'
import { createReceipts } from '../sql/postgres-receipts.js'
import type { Driver, DriverOptions } from './driver.js'
import { DESCRIBE, type PgTable, parseTable } from './postgres-describe.js'
import { fromPgError } from './postgres-errors.js'
import type { Role } from './postgres-options.js'
import { createPgPool, type PgPool } from './postgres-pool.js'
import { pgPrivileges } from './postgres-privileges.js'
import { assertReceiptsTable } from './postgres-receipts.js'
import { surveyDatabase } from './postgres-survey.js'
import { createPgUpdater } from './postgres-update.js'
import { createSchemaCache } from './schema-cache.js'
import { toTypedRows } from './typed-rows.js'

/** Connects the runner to one PostgreSQL database, version 13 or later. Nothing is opened before it is used. */
export function createPostgresDriver(options: DriverOptions): Driver {
  const source = options.name
  const pools = { reader: createPgPool('reader', options), writer: createPgPool('writer', options) }
  const { reader, writer } = pools
  const readable = createSchemaCache((ref) => describeTable(pools, 'reader', { ref, source }))
  const writable = createSchemaCache((ref) => describeTable(pools, 'writer', { ref, source }))
  const receiptTables = createSchemaCache((ref) => assertReceiptsTable(writer, ref, source))
  const updater = createPgUpdater({ writer, source, fault: options.fault, tables: writable, receiptTables })

  const guarded = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work()
    } catch (error) {
      throw fromPgError(error, source)
    }
  }

  return {
    engine: 'postgres',
    dialect: postgresDialect,

    describe: (ref, asked) => guarded(async () => (await readable.describe(ref, asked)).info),

    survey: (asked = {}) => guarded(() => reader.session((session) => surveyDatabase(session, asked))),

    read: (read, values) => guarded(async () => toTypedRows(read.columns, (await reader.run(read.text, values)).rows)),

    readLocked: (read, values) =>
      guarded(async () => toTypedRows(read.columns, (await writer.run(`${read.text} for update`, values)).rows)),

    update: (change) =>
      guarded(async () => {
        const outcome = await updater.update(change)
        if (outcome.outcome === 'drift') readable.forget(change.table.ref)
        return outcome
      }),

    settle: (claim) => guarded(() => updater.settle(claim)),

    findReceipt: (table, key) => guarded(() => updater.findReceipt(table, key)),

    migrate: (receipts) =>
      guarded(async () => {
        // Two runners that create it at once collide in the catalog; what counts is that it is there afterwards.
        const failure = await writer.run(createReceipts(receipts), []).then(() => undefined, asFailure)
        await receiptTables.describe(receipts, { fresh: true }).catch((error: unknown) => {
          throw failure?.error ?? error
        })
      }),

    privileges: (role, request) =>
      guarded(() => {
        const tables = role === 'reader' ? readable : writable
        return pgPrivileges(pools[role], request, async (ref) => {
          return (await tables.describe(ref, { fresh: true })).info.problems
        })
      }),

    async close() {
      await Promise.all([reader.close(), writer.close()])
    },
  }
}

async function describeTable(
  pools: Readonly<Record<Role, PgPool>>,
  role: Role,
  { ref, source }: { readonly ref: TableRef; readonly source: string },
): Promise<PgTable> {
  const { schema = 'public', table } = ref
  const { rows } = await pools[role].run(DESCRIBE, [schema, table])
  const json = rows[0]?.[0]
  if (typeof json === 'string') return parseTable(ref, json, role)
  throw new RunnerError('SCHEMA_DRIFT', `Source ${source} has no table ${schema}.${table}.`, {
    details: { source, schema, table },
  })
}

function asFailure(error: unknown): { readonly error: unknown } {
  return { error }
}
