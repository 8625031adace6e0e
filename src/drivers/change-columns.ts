/** The columns that a change names, found in the table's description, and whether it may be made at all. */
import { RunnerError } from '../errors.js'
import type { ColumnInfo, TableInfo } from '../sql/dialect.js'
import type { GuardedUpdate } from './driver.js'

export interface ChangeColumns {
  readonly key: ColumnInfo
  readonly tenant: ColumnInfo | null
  readonly version: ColumnInfo | null
  readonly before: readonly ColumnInfo[]
  readonly after: readonly ColumnInfo[]
}

/** `undefined` when the change names a column that the table has not. */
export function findColumns({ columns }: TableInfo, change: GuardedUpdate): ChangeColumns | undefined {
  const key = columns.get(change.key.column)
  const tenant = change.tenant ? columns.get(change.tenant.column) : null
  const version = change.version ? columns.get(change.version.column) : null
  const before = change.before.map(({ column }) => columns.get(column))
  const after = change.after.map(({ column }) => columns.get(column))
  if (!key || tenant === undefined || version === undefined) return undefined
  return before.every(isKnown) && after.every(isKnown) ? { key, tenant, version, before, after } : undefined
}

/** @throws RunnerError `PRECONDITION_FAILED` when the table cannot be written safely, or not in this way. */
export function assertSafe(info: TableInfo, { key, tenant, version, after }: ChangeColumns): void {
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

  const fixed = after.find(({ name, generated }) => generated || scope.has(name) || name === version?.name)
  if (fixed) refuse(`column ${fixed.name} is not for a change to set.`)
}

function isKnown(column: ColumnInfo | undefined): column is ColumnInfo {
  return column !== undefined
}
