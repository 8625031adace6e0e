/** What MySQL's information schema says of a table, from whichever user asks. */
import { RunnerError } from '../errors.js'
import { digest } from '../protocol/canonical.js'
import type { ColumnInfo, TableInfo, TableProblem, TableRef } from '../sql/dialect.js'
import { columnInfo } from '../sql/mysql-columns.js'
import { type Flavour, flavourOf, type Role } from './mysql-options.js'
import type { MysqlRow, MysqlSession } from './mysql-session.js'

/**
 * A described table with what only this engine's driver needs of it. A user is shown those columns and triggers that
 * its rights concern, so that reader and writer describe one table differently, under fingerprints of their own.
 */
export interface MysqlTable {
  readonly info: TableInfo
  /** Columns that the server itself sets when another one changes. */
  readonly moving: ReadonlySet<string>
  readonly flavour: Flavour
  /** When it was described, in milliseconds of `performance.now()`. */
  readonly described_at: number
  /** What to add to this process's clock to get the server's, in microseconds. */
  readonly clock_offset: number
}

const WHERE = (schema: string, table: string) => `${schema} = coalesce(?, database()) and ${table} = ?`

/** Every column has a name of its own, since newer servers spell theirs in capitals. Values are text throughout. */
export const TABLE_FIELDS = `table_type, engine, cast(@@global.read_only as char),
  cast(@@global.innodb_flush_log_at_trx_commit as char), version(), cast(now(6) as char), table_schema`
export const COLUMN_FIELDS = `column_name, column_type, is_nullable, extra, coalesce(generation_expression, ''),
  coalesce(character_set_name, ''), coalesce(collation_name, ''), cast(datetime_precision as char),
  cast(numeric_precision as char), cast(numeric_scale as char), cast(character_maximum_length as char)`
export const KEY_FIELDS = 'index_name, column_name, cast(sub_part as char), nullable'
/** What an update of a referenced column does to the rows that refer to it, where it does anything. */
export const UPDATE_CASCADES = `update_rule not in ('NO ACTION', 'RESTRICT')`

const TABLE = `select ${TABLE_FIELDS}
  from information_schema.tables where ${WHERE('table_schema', 'table_name')}`
const COLUMNS = `select ${COLUMN_FIELDS}
  from information_schema.columns where ${WHERE('table_schema', 'table_name')} order by ordinal_position`
const KEYS = `select ${KEY_FIELDS}
  from information_schema.statistics where ${WHERE('table_schema', 'table_name')} and non_unique = 0
  order by index_name, seq_in_index`
const TRIGGERS = `select trigger_name, action_timing, event_manipulation, action_statement
  from information_schema.triggers where ${WHERE('event_object_schema', 'event_object_table')}
  order by trigger_name`
const CASCADES = `select distinct table_name from information_schema.referential_constraints
  where ${WHERE('unique_constraint_schema', 'referenced_table_name')}
  and ${UPDATE_CASCADES} order by table_name`

/** @throws RunnerError `SCHEMA_DRIFT` when there is no such table, or none that the user may see. */
export async function describeTable(
  session: MysqlSession,
  role: Role,
  { ref, source }: { readonly ref: TableRef; readonly source: string },
): Promise<MysqlTable> {
  const described_at = performance.now()
  const ask = async (text: string): Promise<readonly MysqlRow[]> =>
    (await session.run(text, [ref.schema ?? null, ref.table])).rows
  const [table] = await ask(TABLE)
  const clock_offset = serverMicroseconds(table?.[5]) - processMicroseconds()
  if (!table) {
    throw new RunnerError('SCHEMA_DRIFT', `Source ${source} has no table ${ref.table}.`, {
      details: { source, table: ref.table },
    })
  }
  const columns = await ask(COLUMNS)
  const keys = keysOf(await ask(KEYS))
  const triggers = await ask(TRIGGERS)
  // Slow where there are many tables, and only for people to read; the writer is asked again and again.
  const cascades = role === 'reader' ? await ask(CASCADES) : []

  const [type, engine, , , version, , schema] = table
  const described = columns.map(toColumnInfo)
  return {
    info: {
      ref,
      columns: new Map(described.map((column) => [column.name, column])),
      unique_keys: keys.filter((key) => key.identifies).map((key) => key.columns),
      has_triggers: triggers.length > 0,
      trigger_names: triggers.map(([name]) => name ?? ''),
      problems: problemsOf({ table, columns, keys, cascades }, role),
      fingerprint: digest('synapsor.table.mysql.v1', {
        role,
        schema: schema ?? '',
        type: type ?? '',
        engine: engine ?? '',
        columns,
        keys,
        triggers,
      }),
    },
    moving: new Set(columns.filter(isMoving).map(([name]) => name ?? '')),
    flavour: flavourOf(version),
    described_at,
    clock_offset,
  }
}

/** The clock that {@link MysqlTable.clock_offset} refers to: it never jumps while the process lives. */
export function processMicroseconds(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000)
}

function serverMicroseconds(now: string | null | undefined): number {
  const [, seconds = '', fraction = ''] = /^(.*)\.(\d{6})$/.exec(now ?? '') ?? []
  return Date.parse(`${seconds.replace(' ', 'T')}Z`) * 1000 + Number(fraction)
}

/** A column from its {@link COLUMN_FIELDS}. */
export function toColumnInfo(row: MysqlRow): ColumnInfo {
  const [name, type, nullable, extra, generation, , , digits, precision, scale, length] = row
  return columnInfo({
    name: name ?? '',
    type: type ?? '',
    nullable: nullable === 'YES',
    generated:
      generation !== '' || /auto_increment|\bgenerated\b/i.test((extra ?? '').replace(/default_generated/i, '')),
    fraction_digits: numberOf(digits),
    precision: numberOf(precision),
    scale: numberOf(scale),
    length: numberOf(length),
  })
}

function numberOf(text: string | null | undefined): number | undefined {
  return text === null || text === undefined ? undefined : Number(text)
}

function isMoving([, , , extra, generation]: MysqlRow): boolean {
  return generation !== '' || /on update/i.test(extra ?? '')
}

export interface Key {
  /** `''` for an expression. */
  readonly columns: readonly string[]
  readonly identifies: boolean
}

/** Unique keys from their {@link KEY_FIELDS}. A key over a prefix or an expression lets two rows share the whole value; so does one that may be NULL. */
export function keysOf(rows: readonly MysqlRow[]): readonly Key[] {
  const keys = new Map<string, MysqlRow[]>()
  for (const row of rows) {
    const members = keys.get(row[0] ?? '') ?? []
    keys.set(row[0] ?? '', [...members, row])
  }
  return [...keys.values()].map((members) => ({
    columns: members.map(([, name]) => name ?? ''),
    identifies: members.every(([, name, prefix, nullable]) => name !== null && prefix === null && nullable !== 'YES'),
  }))
}

/** A table as the {@link TABLE_FIELDS} and {@link COLUMN_FIELDS} tell of it. */
interface Described {
  readonly table: MysqlRow
  readonly columns: readonly MysqlRow[]
  readonly keys: readonly Key[]
  /** Tables that refer to it, in the first place of each row. */
  readonly cascades: readonly MysqlRow[]
}

/** What stops a safe write, or needs care. */
export function problemsOf({ table, columns, keys, cascades }: Described, role: Role): readonly TableProblem[] {
  const problems: TableProblem[] = []
  const refuse = (code: TableProblem['code'], message: string) => problems.push({ severity: 'refuse', code, message })
  const warn = (code: TableProblem['code'], message: string) => problems.push({ severity: 'warn', code, message })
  const [type, engine, readOnly, flush] = table

  if (type !== 'BASE TABLE') refuse('NOT_A_TABLE', 'It is a view or something else without rows of its own.')
  else if (engine !== 'InnoDB') refuse('NOT_TRANSACTIONAL', `Its engine is ${engine}, which cannot roll back.`)
  if (!keys.some((key) => key.identifies)) {
    refuse('NO_UNIQUE_KEY', 'No unique key of columns that are never NULL identifies a row.')
  }
  const foreign = columns.filter(([, , , , , set]) => set !== '' && set !== 'utf8mb4' && set !== 'ascii')
  if (foreign.length > 0) {
    refuse('CHARSET', `The character set of ${foreign.map(([name]) => name).join(', ')} is not utf8mb4.`)
  }
  // A reader is often sent to a replica on purpose.
  if (role === 'writer' && readOnly !== '0' && readOnly !== 'OFF') {
    refuse('REPLICA', 'The server is read-only, as replicas are.')
  }
  // A choice for the whole server, whose other writes share the risk; the ledger keeps what it takes to notice a loss.
  if (flush !== '1') {
    warn('NOT_DURABLE', 'innodb_flush_log_at_trx_commit is not 1: a power cut can take back the last second.')
  }
  if (cascades.length > 0) {
    const tables = cascades.map(([name]) => name).join(', ')
    warn('CASCADES', `Changing a referenced column changes rows elsewhere as well: ${tables}.`)
  }
  return problems
}
