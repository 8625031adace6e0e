/** What an update needs to know beforehand, worked out once for each set of names. */
import { RunnerError } from '../errors.js'
import {
  bindOneStatement,
  guardedColumns,
  oneStatement,
  type UpdateShape,
  type UpdateValues,
} from '../sql/postgres-update.js'
import { assertSafe, type ChangeColumns, findColumns } from './change-columns.js'
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

  const columns = findColumns(table.info, change)
  if (!columns) return undefined
  assertSafe(table.info, columns)
  const shape = shapeOf(table, change, columns)
  assertCanAdvance(shape)
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

function shapeOf({ info }: PgTable, { receipt, version: moves }: GuardedUpdate, columns: ChangeColumns): UpdateShape {
  const { version, ...named } = columns
  return {
    ...named,
    table: info.ref,
    receipts: receipt?.table ?? null,
    version: version && moves ? { column: version, advance: moves.advance } : null,
  }
}

function assertCanAdvance({ table: { table }, version }: UpdateShape): void {
  if (!version || canAdvance(version)) return
  const { column, advance } = version
  throw new RunnerError('PRECONDITION_FAILED', `The version in ${column.name} cannot be moved on as ${advance}.`, {
    details: { table, column: column.name, type: column.type },
  })
}

function canAdvance({ column, advance }: NonNullable<UpdateShape['version']>): boolean {
  if (advance === 'integer') return column.kind === 'integer'
  if (advance === 'timestamp') return column.kind === 'timestamp' || column.kind === 'datetime'
  // Floats have many texts for what people take for one number.
  return column.kind !== 'float'
}
