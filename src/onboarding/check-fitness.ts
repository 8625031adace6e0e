/** Whether columns can be what they were chosen for: found by, compared, set. */
import { shown } from '../contract/suggest.js'
import type { SurveyedColumn } from '../drivers/survey.js'
import { canBeKey } from '../sql/values.js'
import type { TableAssessment } from './assessment.js'
import type { ResolvedSelection } from './resolve-selection.js'
import { type SelectionProblem, selectionProblem } from './selection-problem.js'

/** What could never be found, guarded by or written is refused here, and not one call at a time. */
export function* checkFitness(resolved: ResolvedSelection, found: TableAssessment): Iterable<SelectionProblem> {
  const columns = new Map(found.table.columns.map((column) => [column.name, column]))
  yield* checkScope(resolved, columns)
  yield* checkUnique(resolved, found)
  yield* checkVersion(resolved, columns)
  yield* checkWritable(resolved, found)
}

type Columns = ReadonlyMap<string, SurveyedColumn>

function* checkScope({ selection }: ResolvedSelection, columns: Columns): Iterable<SelectionProblem> {
  for (const key of ['primary_key', 'tenant_key'] as const) {
    const column = columns.get(selection[key] ?? '')
    if (column === undefined || canBeKey(column)) continue
    const message = `Name another column: rows are not found by \`${shown(column.name)}\`, of type ${shown(column.type)}.`
    yield selectionProblem([key], message)
  }
}

/** One column, alone or within its tenant, must name one row: else a lookup could find two. */
function* checkUnique({ selection }: ResolvedSelection, { table }: TableAssessment): Iterable<SelectionProblem> {
  const { primary_key, tenant_key } = selection
  if (!table.columns.some(({ name }) => name === primary_key) || table.unique_keys.length === 0) return
  const scope = new Set([primary_key, tenant_key])
  if (table.unique_keys.some((columns) => columns.every((column) => scope.has(column)))) return
  const singles = table.unique_keys.flatMap((columns) => (columns.length === 1 ? columns : []))
  const hint =
    singles.length > 0
      ? ` Unique by itself: ${singles.map(shown).join(', ')}.`
      : ` Its key is ${table.primary_key.map(shown).join(' and ')} together; add a unique column, such as an id.`
  const message = `Name a column that identifies one row: \`${shown(primary_key)}\` does not.${hint}`
  yield selectionProblem(['primary_key'], message)
}

/** Below this, two writes in one moment would share a version. */
const EXACT_DIGITS = 6

function* checkVersion({ selection, change }: ResolvedSelection, columns: Columns): Iterable<SelectionProblem> {
  const column = columns.get(selection.conflict_column ?? '')
  if (change?.writeback !== 'direct_sql' || column === undefined || isExact(column)) return
  const message = `Name another column: \`${shown(column.name)}\`, of type ${shown(column.type)}, does not move exactly with every write. Where there is none, choose \`weak_guard_ack: true\`.`
  yield selectionProblem(['conflict_column'], message)
}

function isExact({ kind, generated, fraction_digits = EXACT_DIGITS }: SurveyedColumn): boolean {
  if (generated) return false
  return kind === 'integer' || ((kind === 'timestamp' || kind === 'datetime') && fraction_digits >= EXACT_DIGITS)
}

function* checkWritable({ selection, change }: ResolvedSelection, { columns }: TableAssessment) {
  if (change === undefined || change.writeback !== 'direct_sql') return
  const special = new Set([selection.primary_key, selection.tenant_key, selection.conflict_column])
  for (const column of Object.keys(change.patch)) {
    const found = columns.find((each) => each.column === column)
    // A key, tenant or version column is refused by the contract itself, in its own words.
    if (found === undefined || found.is_writable || special.has(column) || found.role !== 'data') continue
    const message = `Propose another column: \`${shown(column)}\` cannot be written. ${found.why ?? ''}`.trim()
    yield selectionProblem(['patch', column], message, 'COLUMN_NOT_ALLOWED')
  }
}
