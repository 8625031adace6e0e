import { shown } from '../contract/suggest.js'
import { RunnerError } from '../errors.js'
import type { TableAssessment } from './assessment.js'
import { findTable, unknownTable } from './check-table.js'
import type { PartialSelection } from './selection.js'
import { assertNoProblems, type SelectionProblem, selectionProblem } from './selection-problem.js'
import { suggestSelection } from './suggest-selection.js'

/**
 * Takes every suggestion. Which table is meant must be clear: where several could be, none is chosen.
 *
 * @throws RunnerError `INVALID_ARGUMENT` where it is not clear, `CONFIG_INVALID` where there is no such table.
 */
export function suggestAll(said: PartialSelection, tables: readonly TableAssessment[]): PartialSelection {
  const { table } = said
  if (table === undefined) return suggestSelection(said, onlyTable(tables))
  const assessment = findNamed({ ...said, table }, tables)
  if (assessment !== undefined) {
    assertNoProblems(said.primary_key === undefined ? keyProblems(assessment) : [])
    return suggestSelection(said, assessment)
  }
  assertNoProblems([unknownTable({ ...said, table }, tables)])
  return said
}

type Named = Pick<PartialSelection, 'schema'> & { readonly table: string }

/** The schema may be left out where one alone has such a table. */
function findNamed({ table, schema }: Named, tables: readonly TableAssessment[]): TableAssessment | undefined {
  if (schema !== undefined) return findTable({ table, schema }, tables)
  const named = tables.filter((each) => each.table.table === table)
  return named.length === 1 ? named[0] : named.find((each) => each.table.schema === 'public')
}

/** Of a table without a key it is said what it lacks: that the answer is missing would help nobody. */
function keyProblems({ key, notes, table }: TableAssessment): readonly SelectionProblem[] {
  if (key !== null) return []
  const why = notes.find(({ code }) => code === 'NO_UNIQUE_KEY' || code === 'COMPOSITE_KEY')
  const unknown = `The database tells of no column by which one row of ${shown(table.table)} is found: name it, or choose another table.`
  return [selectionProblem(['primary_key'], why === undefined ? unknown : `${why.message} ${why.next}`)]
}

const MOST_NAMES = 20

function onlyTable(tables: readonly TableAssessment[]): TableAssessment {
  const usable = tables.filter(isUsable)
  const [only] = usable
  if (usable.length === 1 && only !== undefined) return only
  const names = usable.slice(0, MOST_NAMES).map(({ table }) => shown(table.table))
  const message =
    usable.length === 0
      ? 'The database shows this role no table that could be used.'
      : 'It is not said which table is meant.'
  const next = usable.length === 0 ? 'Check the role and its grants.' : `Give --table: ${names.join(', ')}.`
  throw new RunnerError('INVALID_ARGUMENT', message, { next })
}

/** The runner's own. */
const RECEIPTS = 'synapsor_writeback_receipts'

/** Whether rows of it can at least be read by a key, in a tenant or without one. */
export function isUsable({ table, notes, key }: TableAssessment): boolean {
  const never = ['NOT_A_TABLE', 'NAME_NOT_PLAIN', 'NAME_TOO_LONG']
  if (table.table === RECEIPTS) return false
  return key !== null && !notes.some(({ severity, code }) => severity === 'refuse' && never.includes(code))
}
