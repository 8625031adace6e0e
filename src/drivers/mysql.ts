import type { TypedRow } from '../protocol/values.js'
import type { ScopedRead, TableRef } from '../sql/dialect.js'
import { mysqlDialect } from '../sql/mysql.js'
import { createReceipts } from '../sql/mysql-update.js'
import type { Driver, DriverOptions } from './driver.js'
import { describeTable, type MysqlTable } from './mysql-describe.js'
import { fromMysqlError, isUnencodable } from './mysql-errors.js'
import type { Role } from './mysql-options.js'
import { createMysqlPool, type MysqlPool } from './mysql-pool.js'
import { mysqlPrivileges } from './mysql-privileges.js'
import { assertReceiptsTable } from './mysql-receipts.js'
import type { MysqlRow } from './mysql-session.js'
import { surveyDatabase } from './mysql-survey.js'
import { createMysqlUpdater } from './mysql-update.js'
import { receiptsMissing } from './receipts.js'
import { createSchemaCache } from './schema-cache.js'
import { isDrift } from './source-errors.js'
import { toTypedRows } from './typed-rows.js'

/** Connects the runner to one MySQL or MariaDB database. Nothing is opened before it is used. */
export function createMysqlDriver(options: DriverOptions): Driver {
  const source = options.name
  const reader = createMysqlPool('reader', options)
  const writer = createMysqlPool('writer', options)
  const readable = createSchemaCache((ref) => describe(reader, 'reader', ref))
  const writable = createSchemaCache((ref) => describe(writer, 'writer', ref))
  const receiptTables = createSchemaCache((ref) => describeReceipts(ref))
  const updater = createMysqlUpdater({
    writer,
    source,
    fault: options.fault,
    tables: writable,
    readerTables: readable,
    receiptTables,
  })

  const describe = (pool: MysqlPool, role: Role, ref: TableRef): Promise<MysqlTable> =>
    guarded(() =>
      pool.session(async (session) => {
        const table = await describeTable(session, role, { ref, source })
        await session.send('rollback')
        return table
      }),
    )

  const describeReceipts = async (ref: TableRef): Promise<void> => {
    const table = await describe(writer, 'writer', ref).catch((cause: unknown) => {
      throw isDrift(cause) ? receiptsMissing(source, ref, cause) : cause
    })
    assertReceiptsTable(table, source)
  }

  const guarded = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work()
    } catch (error) {
      throw fromMysqlError(error, source)
    }
  }

  return {
    engine: 'mysql',
    dialect: mysqlDialect,

    describe: async (ref, asked) => (await readable.describe(ref, asked)).info,

    survey: (asked = {}) =>
      guarded(() =>
        reader.session(async (session) => {
          const survey = await surveyDatabase(session, asked)
          await session.send('rollback')
          return survey
        }),
      ),

    read: (read, values) => guarded(() => reader.session(({ run }) => rowsOf(read, () => run(read.text, values)))),

    readLocked: (read, values) =>
      guarded(() =>
        writer.session(async (session) => {
          if (!writer.owned) await session.send('start transaction')
          const rows = await rowsOf(read, () => session.run(`${read.text} for update`, values))
          await session.send('rollback')
          return rows
        }),
      ),

    update: (change) => guarded(() => updater.update(change)),

    settle: (claim) => guarded(() => updater.settle(claim)),

    findReceipt: (table, key) => guarded(() => updater.findReceipt(table, key)),

    migrate: (receipts) =>
      guarded(async () => {
        await writer.session(({ send }) => send(createReceipts(receipts)))
        await receiptTables.describe(receipts, { fresh: true })
      }),

    privileges: (role, request) =>
      guarded(() => {
        const tables = role === 'reader' ? readable : writable
        const problemsOf = async (ref: TableRef) => (await tables.describe(ref, { fresh: true })).info.problems
        return mysqlPrivileges(role === 'reader' ? reader : writer, role, { request, problemsOf })
      }),

    async close() {
      await Promise.all([reader.close(), writer.close()])
    },
  }
}

/** A text that the column's character set cannot hold is in no row. */
async function rowsOf(
  { columns }: ScopedRead,
  ask: () => Promise<{ readonly rows: readonly MysqlRow[] }>,
): Promise<readonly TypedRow[]> {
  const { rows } = await ask().catch((error: unknown) => {
    if (isUnencodable(error)) return { rows: [] }
    throw error
  })
  return toTypedRows(columns, rows)
}
