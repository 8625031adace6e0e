/** Fills in what a person did not say, from what the catalogue suggests. Nothing is ever suggested to be written. */
import { isRefusedArgument } from '../contract/refusals.js'
import type { TableAssessment } from './assessment.js'
import type { PartialSelection } from './selection.js'
import { type ColumnLimits, suggestLimits } from './suggest-limits.js'

/** Answers for everything about the table that was not said. What is not there to be suggested stays open. */
export function suggestSelection(given: PartialSelection, assessment: TableAssessment): PartialSelection {
  const { table, key, tenant_keys, version_columns } = assessment
  const primary_key = given.primary_key ?? key ?? undefined
  const tenant_key = given.single_tenant_dev === true ? undefined : (given.tenant_key ?? tenant_keys[0]?.column)
  const visible_columns = given.visible_columns ?? suggestVisible(assessment)
  const suggested: PartialSelection = {
    ...(table.schema === null ? {} : { schema: table.schema }),
    table: table.table,
    ...(primary_key === undefined ? {} : { primary_key }),
    ...(tenant_key === undefined ? {} : { tenant_key }),
    namespace: namespaceOf(table.table),
    visible_columns,
    untrusted_columns: suggestUntrusted(assessment, visible_columns),
  }
  return { ...suggested, ...suggestGuard(given, version_columns), ...suggestBounds(given, assessment), ...given }
}

/** All but what looks like a secret, and the tenant, which the model has no use for. */
export function suggestVisible({ columns }: TableAssessment): readonly string[] {
  return columns.filter(({ is_visible, role }) => is_visible && role !== 'tenant').map(({ column }) => column)
}

/** Of the columns that are shown, those with text that outsiders may have written. */
export function suggestUntrusted({ columns }: TableAssessment, visible: readonly string[]): readonly string[] {
  return columns
    .filter(({ column, is_untrusted }) => is_untrusted && visible.includes(column))
    .map(({ column }) => column)
}

/** A weak guard is for a person to acknowledge; an exact version column is there to be used. */
function suggestGuard(given: PartialSelection, candidates: TableAssessment['version_columns']): PartialSelection {
  if (given.conflict_column !== undefined || given.weak_guard_ack !== undefined) return {}
  const exact = candidates.find(({ strength }) => strength === 'exact')
  return exact === undefined ? {} : { conflict_column: exact.column }
}

const NUMBERS: readonly string[] = ['integer', 'decimal', 'float']

/** Of numbers that may be proposed, the limits that the database keeps anyway: people and models see them sooner. */
function suggestBounds(
  { patch, allowed_columns = [] }: PartialSelection,
  { table }: TableAssessment,
): PartialSelection {
  const limits = suggestLimits(table)
  const proposed = new Set(patch === undefined ? allowed_columns : Object.keys(patch))
  const bounds = table.columns
    .filter(({ name, kind }) => proposed.has(name) && NUMBERS.includes(kind))
    .flatMap(({ name }) => {
      const bound = boundOf(limits.get(name))
      return bound === undefined ? [] : [[name, bound] as const]
    })
  return bounds.length === 0 ? {} : { numeric_bounds: Object.fromEntries(bounds) }
}

/** As numbers of JSON; one that no double holds exactly is left to the database. */
export function boundOf(limits: ColumnLimits | undefined): { minimum?: number; maximum?: number } | undefined {
  if (limits?.from !== 'check') return undefined
  const minimum = exact(limits.minimum)
  const maximum = exact(limits.maximum)
  if (minimum === undefined && maximum === undefined) return undefined
  return { ...(minimum === undefined ? {} : { minimum }), ...(maximum === undefined ? {} : { maximum }) }
}

function exact(text: string | undefined): number | undefined {
  return text !== undefined && String(Number(text)) === text ? Number(text) : undefined
}

/** `billing_invoices` belongs to `billing`; `invoices` to itself. */
export function namespaceOf(table: string): string {
  const [first = ''] = table.split('_')
  const name = first === '' || isRefusedArgument(first) ? table : first
  return name.toLowerCase()
}
