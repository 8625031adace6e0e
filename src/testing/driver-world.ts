/** The ground that driver cases stand on: a database of their own, with an administrator beside the driver. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { ColumnValue, Driver, GuardedUpdate, UpdateOutcome } from '../drivers/driver.js'
import type { JsonScalar, TypedRow, TypedText } from '../protocol/values.js'
import type { ColumnInfo, ScopedRead, TableInfo, TableRef } from '../sql/dialect.js'

/** What columns in the cases are for. A case that needs one that the engine has not is left out. */
export type ColumnPurpose =
  | 'key'
  | 'text'
  | 'short_text'
  | 'padded_text'
  | 'integer'
  | 'bigint'
  | 'decimal'
  | 'instant'
  | 'wall_clock'
  | 'date'
  | 'boolean'
  | 'json'

/** What differs between engines, said once by whoever runs the cases. */
export interface DriverTraits {
  /**
   * Column types by purpose. `key`: text of at least 60 characters, compared as loosely as the engine can.
   * `short_text` holds 5 characters, `padded_text` 5 with blanks filled in, `decimal` 12 digits, 2 of them behind the
   * point, `instant` and `wall_clock` microseconds.
   */
  readonly types: Readonly<Partial<Record<ColumnPurpose, string>>> & { readonly key: string; readonly text: string }
  /** What follows the columns when a table is created. */
  readonly table_options?: string
  /** Statements that make every update of a table set a column to a literal as well. Absent where there are no triggers. */
  trigger?(table: TableRef, column: string, literal: string): readonly string[]
  /** The reader is not shown triggers: one is then noticed by what it does, not as another description. */
  readonly hides_triggers?: boolean
}

export interface DriverWorld {
  /** Opened on a database in which reader and writer are different roles, where the engine has roles. */
  readonly driver: Driver
  readonly traits: DriverTraits
  /** Schema of the tables; absent for the engine's default. */
  readonly schema?: string
  /** The receipts table, made by the driver's own migration. */
  readonly receipts: TableRef
  /** Runs one statement as administrator, in UTC. Rows come back as texts. */
  sql(text: string): Promise<readonly (readonly (string | null)[])[]>
  /** Lets reader and writer in to a table: `select` for both, `update` for the writer. */
  admit(table: TableRef): Promise<void>
  /** Keeps a row locked until the answer is called. */
  lock(table: TableRef, key: string): Promise<() => Promise<void>>
}

/** One promise that every driver keeps. */
export interface DriverCase {
  readonly name: string
  /** Purposes of the columns that it needs beside `key` and `text`. */
  readonly needs?: readonly ColumnPurpose[]
  readonly needs_triggers?: boolean | 'shown'
  run(world: DriverWorld): Promise<void>
}

/** A table of one case, with the names that its rows are reached by. */
export interface CaseTable {
  readonly world: DriverWorld
  readonly ref: TableRef
  readonly info: TableInfo
}

/** Makes a table `id`, `tenant_id` and the given columns, all of which may be NULL; no two rows share a `unique` one. */
export async function makeTable(
  world: DriverWorld,
  columns: Readonly<Record<string, ColumnPurpose>>,
  unique?: string,
): Promise<CaseTable> {
  const { driver, traits } = world
  const ref: TableRef = {
    ...(world.schema === undefined ? {} : { schema: world.schema }),
    table: `case_${randomUUID().slice(0, 8)}`,
  }
  const quote = (name: string): string => driver.dialect.quote(name)
  const lines = [
    `${quote('id')} ${traits.types.key} not null primary key`,
    `${quote('tenant_id')} ${traits.types.key} not null`,
    ...Object.entries(columns).map(
      ([name, purpose]) => `${quote(name)} ${traits.types[purpose]}${nullability(purpose)}`,
    ),
    ...(unique === undefined ? [] : [`unique (${quote(unique)})`]),
  ]
  await world.sql(`create table ${driver.dialect.table(ref)} (${lines.join(', ')}) ${traits.table_options ?? ''}`)
  await world.admit(ref)
  return { world, ref, info: await driver.describe(ref, { fresh: true }) }
}

/** MySQL gives a first TIMESTAMP without it a default of its own. */
function nullability(purpose: ColumnPurpose): string {
  return purpose === 'instant' ? ' null' : ''
}

/** Adds a row, past the driver: values as the column's own texts. */
export async function addRow(
  { world, ref, info }: CaseTable,
  id: string,
  values: Readonly<Record<string, JsonScalar>> = {},
): Promise<void> {
  const row = { id, tenant_id: 'acme', ...values }
  const names = Object.keys(row).map((name) => world.driver.dialect.quote(name))
  const literals = Object.entries(row).map(([name, value]) => literal(textOf(world, columnOf(info, name), value).text))
  await world.sql(
    `insert into ${world.driver.dialect.table(ref)} (${names.join(', ')}) values (${literals.join(', ')})`,
  )
}

/** Changes a row past the driver, as another program would. */
export async function changeRow(
  table: CaseTable,
  id: string,
  values: Readonly<Record<string, JsonScalar>>,
): Promise<void> {
  const { dialect } = table.world.driver
  const set = Object.entries(values).map(([name, value]) => {
    return `${dialect.quote(name)} = ${literal(textOf(table.world, columnOf(table.info, name), value).text)}`
  })
  await table.world.sql(
    `update ${dialect.table(table.ref)} set ${set.join(', ')} where ${dialect.quote('id')} = ${literal(id)}`,
  )
}

export function literal(text: string | null): string {
  return text === null ? 'null' : `'${text.replaceAll("'", "''")}'`
}

export function columnOf({ columns }: TableInfo, name: string): ColumnInfo {
  const column = columns.get(name)
  assert.ok(column, `The driver did not describe column ${name}.`)
  return column
}

/** The text that the column gives back for a value. */
export function textOf({ driver }: DriverWorld, column: ColumnInfo, value: JsonScalar): TypedText {
  const spelled = driver.dialect.toColumn(column, value)
  assert.ok(spelled.ok, `A value was refused by column ${column.name}: ${spelled.ok ? '' : spelled.why}`)
  return spelled.value
}

export function readOf({ world, ref, info }: CaseTable): ScopedRead {
  return world.driver.dialect.scopedRead({
    table: ref,
    columns: [...info.columns.values()],
    key: columnOf(info, 'id'),
    tenant: columnOf(info, 'tenant_id'),
    order_by: columnOf(info, 'id'),
    limit: 3,
  })
}

/** The rows that the driver finds; none where it says beforehand that nothing can match. */
export async function readRows(table: CaseTable, id: string, tenant = 'acme'): Promise<readonly TypedRow[]> {
  const read = readOf(table)
  const bound = read.bind({ key: id, tenant })
  return bound === undefined ? [] : table.world.driver.read(read, bound)
}

export async function readRow(table: CaseTable, id: string, tenant = 'acme'): Promise<TypedRow> {
  const [row, ...more] = await readRows(table, id, tenant)
  assert.ok(row && more.length === 0, `Expected exactly one row ${id} of ${tenant}.`)
  return row
}

interface ChangeOptions {
  readonly set: Readonly<Record<string, JsonScalar>>
  readonly version?: { readonly column: string; readonly advance: 'timestamp' | 'integer' | 'database' }
  readonly with_receipt?: boolean
  readonly dry_run?: boolean
}

/** A change of a row as it is now, with a receipt key of its own. */
export async function changeOf(table: CaseTable, id: string, options: ChangeOptions): Promise<GuardedUpdate> {
  const { world, info } = table
  const row = await readRow(table, id)
  const { set, version, with_receipt = true, dry_run = false } = options
  const key = `case-${randomUUID()}`
  return {
    receipt: with_receipt
      ? { table: world.receipts, key, proposal_hash: `sha256:${key}`, anchor: `anchor of ${key}` }
      : null,
    table: info,
    key: valueIn(row, 'id'),
    tenant: valueIn(row, 'tenant_id'),
    before: Object.keys(set).map((column) => valueIn(row, column)),
    after: Object.entries(set).map(([column, value]) => ({
      column,
      value: textOf(world, columnOf(info, column), value),
    })),
    version: version ? { ...version, expected: valueIn(row, version.column).value } : null,
    dry_run,
  }
}

export function valueIn(row: TypedRow, column: string): ColumnValue {
  const value = row[column]
  assert.ok(value, `Column ${column} was not read.`)
  return { column, value }
}

/** The value as another one, whatever the column would say to it. */
export function withText(change: GuardedUpdate, part: 'key' | 'tenant', text: string): GuardedUpdate {
  const given = change[part]
  return given === null ? change : { ...change, [part]: { ...given, value: { ...given.value, text } } }
}

export async function outcomeOf(world: DriverWorld, change: GuardedUpdate): Promise<UpdateOutcome['outcome']> {
  return (await world.driver.update(change)).outcome
}

/** How often each outcome came. */
export function countOf(outcomes: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1
  return counts
}

/** Runs `work` and returns the code of the error that it has to end with. */
export async function codeOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work()
  } catch (error) {
    assert.ok(error instanceof Error && 'code' in error && typeof error.code === 'string', 'An error without a code.')
    return error.code
  }
  assert.fail('Nothing was thrown.')
}

/** Text that people, programs and attackers put where a tenant's or a row's name belongs. None of it is `acme`. */
export const HOSTILE_NAMES: readonly string[] = [
  '',
  ' ',
  '0',
  'false',
  'null',
  '%',
  '_cme',
  '*',
  'ACME',
  'Acme',
  'acme ',
  ' acme',
  'acme\t',
  'acme\n',
  'ácme',
  'äcme',
  'acmé',
  'a\u0301cme',
  'ac\u200bme',
  'ac\u00adme',
  'acme\ufeff',
  'ａｃｍｅ',
  'acme\u0000',
  'acme\ud800',
  'аcme',
  '😀',
  "acme' or '1'='1",
  "acme'; --",
  'acme" or "1"="1',
  'acme\\',
  '$1',
  '?',
  'x'.repeat(10_000),
]
