import { RunnerError } from '../errors.js'
import type { TableInfo } from '../protocol/table.js'
import type { Capability, ChangeRules } from './capability.js'

/** Fraction digits below which two writes in one moment would share a version. */
const EXACT_FRACTION_DIGITS = 6

/**
 * Holds what a safe guarded write needs of its table. Checked when proposing, so that nobody reviews what could never
 * be applied, and again when applying. Executors of the app bring their own rules.
 *
 * @throws RunnerError `PRECONDITION_FAILED`.
 */
export function assertWritable(capability: Capability, rules: ChangeRules, table: TableInfo): void {
  if (rules.executor.type !== 'sql_update') return
  const problem = table.problems.find((each) => each.severity === 'refuse')
  if (problem !== undefined) throw failed(table, problem.code, problem.message)
  assertUniqueKey(capability, table)
  assertExactVersion(rules, table)
}

function assertUniqueKey({ target }: Capability, table: TableInfo): void {
  const scope = [target.primary_key, target.tenant_key]
  const unique = table.unique_keys.some((key) => key.length > 0 && key.every((column) => scope.includes(column)))
  if (unique) return
  throw failed(
    table,
    'NO_UNIQUE_KEY',
    `Column ${target.primary_key} does not identify one row: give it a primary key or a unique constraint.`,
  )
}

function assertExactVersion({ guard }: ChangeRules, table: TableInfo): void {
  if (guard.kind === 'row') return
  const column = table.columns.get(guard.column)
  if (column === undefined) return
  if (column.kind === 'float') {
    throw failed(table, 'COARSE_VERSION', `Version column ${guard.column} is a binary float, which cannot be compared.`)
  }
  const digits = column.fraction_digits
  const isTime = column.kind === 'timestamp' || column.kind === 'datetime'
  if (!isTime || digits === undefined || digits >= EXACT_FRACTION_DIGITS) return
  throw failed(
    table,
    'COARSE_VERSION',
    `Version column ${guard.column} keeps ${digits} fraction digits, so two writes can share a version: give it 6, use an integer, or set weak_guard_ack.`,
  )
}

function failed(table: TableInfo, code: string, message: string): RunnerError {
  return new RunnerError('PRECONDITION_FAILED', `Table ${table.ref.table}: ${message}`, {
    details: { table: table.ref.table, code },
  })
}
