/** What an update needs to know beforehand, worked out once for each set of names. */
import { RunnerError } from '../errors.js'
import { laterMoment } from '../protocol/versions.js'
import type { ColumnInfo } from '../sql/dialect.js'
import { isCanonical } from '../sql/mysql.js'
import { renderBlock, renderSteps, type UpdateShape, type UpdateSteps } from '../sql/mysql-update.js'
import { assertSafe, type ChangeColumns, findColumns } from './change-columns.js'
import type { GuardedUpdate } from './driver.js'
import { type MysqlTable, processMicroseconds } from './mysql-describe.js'

type Version = NonNullable<GuardedUpdate['version']>

export interface UpdatePlan {
  readonly shape: UpdateShape
  readonly steps: UpdateSteps
  /** The whole update in one round trip; `null` where the server has no such statement or a trigger has a say. */
  readonly block: string | null
  readonly version: ColumnInfo | null
}

const plans = new WeakMap<MysqlTable, Map<string, UpdatePlan>>()

/**
 * The plan of an update of this table; `undefined` when the change names a column that the table has not.
 *
 * @throws RunnerError `PRECONDITION_FAILED` when the table cannot be written safely, or not in this way.
 */
export function planUpdate(table: MysqlTable, change: GuardedUpdate): UpdatePlan | undefined {
  const name = nameOf(change)
  const known = plans.get(table)?.get(name)
  if (known) return known
  const columns = findColumns(table.info, change)
  if (!columns) return undefined
  assertSafe(table.info, columns)
  const plan = makePlan(table, change, columns)
  const ofTable = plans.get(table) ?? new Map<string, UpdatePlan>()
  plans.set(table, ofTable.set(name, plan))
  return plan
}

/** Key and tenant that are not canonical texts of their columns belong to no row. */
export function canMatch({ shape }: UpdatePlan, { key, tenant }: GuardedUpdate): boolean {
  const isText = (column: ColumnInfo, text: string | null): boolean => text !== null && isCanonical(column, text)
  return isText(shape.key, key.value.text) && (!shape.tenant || isText(shape.tenant, tenant?.value.text ?? null))
}

/**
 * The version to set, `null` without a version and where the database itself moves it. Worked out here, so that the
 * receipt and the answer can name it; later than the one before, whatever the clock says.
 */
export function nextVersion(table: MysqlTable, column: ColumnInfo | null, version: Version | null): string | null {
  if (!version || !column) return null
  const { advance, expected } = version
  const { text } = expected
  if (advance === 'database' && column.kind !== 'float') return null
  if (advance === 'integer' && column.kind === 'integer' && text !== null) return String(BigInt(text) + 1n)
  const isMoment = column.kind === 'timestamp' || column.kind === 'datetime'
  const now = BigInt(processMicroseconds() + Math.round(table.clock_offset))
  const later = advance === 'timestamp' && isMoment && text !== null ? laterMoment(text, now) : undefined
  if (later !== undefined) return later
  throw new RunnerError('PRECONDITION_FAILED', `The version in ${column.name} cannot be moved on as ${advance}.`, {
    details: { column: column.name, type: column.type },
  })
}

function nameOf({ receipt, key, tenant, version, before, after }: GuardedUpdate): string {
  return JSON.stringify([
    receipt?.table.schema,
    receipt?.table.table,
    key.column,
    tenant?.column,
    version?.column,
    version?.advance,
    before.map(({ column }) => column),
    after.map(({ column }) => column),
  ])
}

function makePlan(table: MysqlTable, { receipt, version: moves }: GuardedUpdate, columns: ChangeColumns): UpdatePlan {
  const { info, moving, flavour } = table
  const { key, tenant, version, before, after } = columns
  const versions = version ? [version] : []
  const names = new Set([key, ...(tenant ? [tenant] : []), ...versions, ...before, ...after].map(({ name }) => name))
  const all = [...info.columns.values()]
  const shape: UpdateShape = {
    table: info.ref,
    receipts: receipt?.table ?? null,
    key,
    tenant,
    set: moves?.advance === 'database' ? after : [...after, ...versions],
    expected: [...before, ...versions],
    named: all.filter(({ name }) => names.has(name)),
    kept: all.filter(({ name }) => !names.has(name) && !moving.has(name)),
  }
  const isForeseeable = receipt !== null && !info.has_triggers && moves?.advance !== 'database'
  const block = flavour === 'mariadb' && isForeseeable ? renderBlock(shape) : null
  return { shape, steps: renderSteps(shape), block, version }
}
