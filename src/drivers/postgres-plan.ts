/** What an update needs to know beforehand, worked out once for each set of names. */
import { RunnerError } from '../errors.js'
import type { ColumnInfo } from '../sql/dialect.js'
import {
  bindOneStatement,
  guardedColumns,
  oneStatement,
  type UpdateShape,
  type UpdateValues,
} from '../sql/postgres-update.js'
import type { GuardedUpdate } from './driver.js'
import type { PgTable } from './postgres-describe.js'

export interface UpdatePlan {
  readonly shape: UpdateShape
  /** The whole update as one statement. */
  readonly text: string
  readonly identity: string
}

const plans = new WeakMap<PgTable, Map<string, UpdatePlan>>()

/**
 * The plan of an update of this table; `undefined` when the change names a column that the table has not.
 *
 * @throws RunnerError `PRECONDITION_FAILED` when the table cannot be written safely, or not in this way.
 */
export function planUpdate(table: PgTable, change: GuardedUpdate): UpdatePlan | undefined {
  const name = nameOf(change)
  const known = plans.get(table)?.get(name)
  if (known) return known

  const shape = shapeOf(table, change)
  if (!shape) return undefined
  assertSafe(table, shape)
  const types = guardedColumns(shape).map((column) => table.type_ids.get(column.name) ?? '0')
  const plan = { shape, text: oneStatement(shape), identity: `{${[table.id, ...types].join(',')}}` }
  const ofTable = plans.get(table) ?? new Map<string, UpdatePlan>()
  plans.set(table, ofTable.set(name, plan))
  return plan
}

export function valuesOf(plan: UpdatePlan, change: GuardedUpdate): UpdateValues {
  const { receipt, key, tenant, version, before, after } = change
  return {
    receipt,
    identity: plan.identity,
    key: key.value.text ?? '',
    tenant: tenant?.value.text ?? null,
    version: version?.expected.text ?? null,
    before: before.map(({ value }) => value.text),
    after: after.map(({ value }) => value.text),
  }
}

export function bindPlan(plan: UpdatePlan, change: GuardedUpdate): readonly (string | null)[] {
  return bindOneStatement(plan.shape, valuesOf(plan, change))
}

function nameOf({ receipt, key, tenant, version, before, after }: GuardedUpdate): string {
  let name = `${receipt ? `${receipt.table.schema ?? ''}.${receipt.table.table}` : ''}|${key.column}|${tenant?.column ?? ''}`
  name += version ? `|${version.column} ${version.advance}` : '|'
  for (const { column } of before) name += `|${column}`
  name += '|>'
  for (const { column } of after) name += `|${column}`
  return name
}

function shapeOf({ info }: PgTable, change: GuardedUpdate): UpdateShape | undefined {
  const key = info.columns.get(change.key.column)
  const tenant = change.tenant ? info.columns.get(change.tenant.column) : null
  const version = change.version ? info.columns.get(change.version.column) : null
  const before = change.before.map(({ column }) => info.columns.get(column))
  const after = change.after.map(({ column }) => info.columns.get(column))
  if (!key || tenant === undefined || version === undefined) return undefined
  if (!before.every(isKnown) || !after.every(isKnown)) return undefined
  return {
    table: info.ref,
    receipts: change.receipt?.table ?? null,
    key,
    tenant,
    before,
    after,
    version: version && change.version ? { column: version, advance: change.version.advance } : null,
  }
}

function isKnown(column: ColumnInfo | undefined): column is ColumnInfo {
  return column !== undefined
}

function assertSafe({ info }: PgTable, { key, tenant, after, version }: UpdateShape): void {
  const { table } = info.ref
  const refuse = (message: string): never => {
    throw new RunnerError('PRECONDITION_FAILED', `Table ${table} cannot be written: ${message}`, {
      details: { table, problems: info.problems.map(({ code }) => code) },
    })
  }
  const problem = info.problems.find(({ severity }) => severity === 'refuse')
  if (problem) refuse(problem.message)

  const scope = new Set([key.name, ...(tenant ? [tenant.name] : [])])
  const identifies = info.unique_keys.some((columns) => columns.every((column) => scope.has(column)))
  if (!identifies) refuse(`no unique key lies within ${[...scope].join(', ')}.`)

  const fixed = after.find(({ name, generated }) => generated || scope.has(name) || name === version?.column.name)
  if (fixed) refuse(`column ${fixed.name} is not for a change to set.`)
  if (version && !canAdvance(version)) refuse(`column ${version.column.name} cannot be moved on as ${version.advance}.`)
}

function canAdvance({ column, advance }: NonNullable<UpdateShape['version']>): boolean {
  if (advance === 'integer') return column.kind === 'integer'
  if (advance === 'timestamp') return column.kind === 'timestamp' || column.kind === 'datetime'
  // Floats have many texts for what people take for one number.
  return column.kind !== 'float'
}
