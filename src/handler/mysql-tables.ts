/** What a handler knows of the columns of an app's tables in MySQL. */
import { RunnerError } from '../errors.js'
import type { ColumnInfo, TableRef } from '../protocol/table.js'
import { columnInfo } from '../sql/mysql-columns.js'
import { ask, type MysqlConnection, type MysqlRow } from './mysql-client.js'

export type Columns = ReadonlyMap<string, ColumnInfo>

export interface TableMemory {
  /** @throws RunnerError `SCHEMA_DRIFT` for a table that is not there, `PRECONDITION_FAILED` for one that cannot roll back. */
  columnsOf(connection: MysqlConnection, table: TableRef): Promise<Columns>
}

/** How long a description is believed, in milliseconds. It decides how texts are spelled, never whether they are equal. */
const BELIEVED_MS = 10_000

const SCOPE = 'table_schema = coalesce(?, database()) and table_name = ?'
const COLUMNS = `select column_name, column_type, is_nullable, extra, coalesce(generation_expression, ''),
  cast(datetime_precision as char), cast(numeric_precision as char), cast(numeric_scale as char),
  cast(character_maximum_length as char)
  from information_schema.columns where ${SCOPE}`
const ENGINE = `select engine from information_schema.tables where ${SCOPE}`

export function createTableMemory(): TableMemory {
  const known = new Map<string, { readonly columns: Columns; readonly since: number }>()
  return {
    async columnsOf(connection, ref) {
      const name = JSON.stringify([ref.schema ?? null, ref.table])
      const kept = known.get(name)
      if (kept && performance.now() - kept.since < BELIEVED_MS) return kept.columns
      const columns = await describe(connection, ref)
      known.set(name, { columns, since: performance.now() })
      return columns
    },
  }
}

async function describe(connection: MysqlConnection, { schema, table }: TableRef): Promise<Columns> {
  const scope = [schema ?? null, table]
  const [engine] = (await ask(connection, ENGINE, scope)).rows
  const { rows } = await ask(connection, COLUMNS, scope)
  if (!engine || rows.length === 0) {
    throw new RunnerError('SCHEMA_DRIFT', `There is no table ${table} in the app's database.`, { details: { table } })
  }
  if (engine[0] !== 'InnoDB') {
    throw new RunnerError(
      'PRECONDITION_FAILED',
      `Table ${table} is not InnoDB, so that nothing there is rolled back.`,
      {
        details: { table },
      },
    )
  }
  return new Map(rows.map((row) => [row[0] ?? '', toColumn(row)]))
}

function toColumn([name, type, nullable, extra, generation, digits, precision, scale, length]: MysqlRow): ColumnInfo {
  const numberOf = (text: string | null | undefined) => (text === null || text === undefined ? undefined : Number(text))
  return columnInfo({
    name: name ?? '',
    type: type ?? '',
    nullable: nullable === 'YES',
    generated: generation !== '' || extra === 'auto_increment',
    fraction_digits: numberOf(digits),
    precision: numberOf(precision),
    scale: numberOf(scale),
    length: numberOf(length),
  })
}
