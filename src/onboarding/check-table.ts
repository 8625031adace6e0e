/** Holds a selection against what the database says, before anything is written. */

import type { Path } from '../contract/problems.js'
import { didYouMean, shown } from '../contract/suggest.js'
import type { Note, TableAssessment } from './assessment.js'
import { checkFitness } from './check-fitness.js'
import { type ResolvedSelection, resolveSelection } from './resolve-selection.js'
import type { Selection } from './selection.js'
import { type SelectionProblem, selectionProblem } from './selection-problem.js'

/** The assessment of the selected table, and why it cannot be used as it was selected. */
export interface CheckedTable {
  readonly assessment?: TableAssessment
  readonly problems: readonly SelectionProblem[]
}

/** Finds the selected table among those of the database and checks every column that is named. */
export function checkTable(selection: Selection, all: readonly TableAssessment[]): CheckedTable {
  const assessment = findTable(selection, all)
  if (assessment === undefined) return { problems: [unknownTable(selection, all)] }
  const resolved = resolveSelection(selection)
  const problems = [
    ...checkNames(resolved, assessment),
    ...checkFitness(resolved, assessment),
    ...checkNotes(resolved, assessment),
  ]
  return { assessment, problems }
}

/** The table of a selection; SQLite has no schemas. */
export function findTable(
  { schema, table }: Pick<Selection, 'schema' | 'table'>,
  all: readonly TableAssessment[],
): TableAssessment | undefined {
  return all.find((each) => each.table.table === table && isSchema(each, schema))
}

function isSchema({ table }: TableAssessment, schema: string | undefined): boolean {
  return table.schema === null || table.schema === schema
}

/** Says that there is no such table, and which there is. */
export function unknownTable(
  { schema, table }: Pick<Selection, 'schema' | 'table'>,
  all: readonly TableAssessment[],
): SelectionProblem {
  const inSchema = all.filter((each) => isSchema(each, schema)).map((each) => each.table.table)
  if (inSchema.length === 0 && schema !== undefined) {
    const schemas = [...new Set(all.flatMap((each) => each.table.schema ?? []))]
    const there =
      schemas.length === 0
        ? 'Check the role and its grants.'
        : `There is: ${schemas.slice(0, MOST_NAMES).map(shown).join(', ')}.`
    const message = `The database shows this role no table in the schema \`${shown(schema ?? '')}\`. ${there}`
    return selectionProblem(['schema'], message, 'UNKNOWN_REFERENCE')
  }
  const elsewhere = all.filter((each) => each.table.table === table).flatMap((each) => each.table.schema ?? [])
  const hint = elsewhere.length > 0 ? ` It is in ${elsewhere.map(shown).join(', ')}.` : didYouMean(table, inSchema)
  const message = `The database shows this role no table \`${shown(table)}\`.${hint}`
  return selectionProblem(['table'], message, 'UNKNOWN_REFERENCE')
}

const MOST_NAMES = 20

function* checkNames(resolved: ResolvedSelection, { table }: TableAssessment): Iterable<SelectionProblem> {
  const known = table.columns.map(({ name }) => name)
  for (const [path, column] of namedColumns(resolved)) {
    if (known.includes(column)) continue
    const hint = didYouMean(column, known) || ` It has: ${known.slice(0, MOST_NAMES).map(shown).join(', ')}.`
    const message = `The table ${shown(table.table)} has no column \`${shown(column)}\`.${hint}`
    yield selectionProblem(path, message, 'UNKNOWN_REFERENCE')
  }
}

type Named = readonly [path: Path, column: string]

function namedColumns({ selection, change }: ResolvedSelection): readonly Named[] {
  const { visible_columns, untrusted_columns = [], transition_guards = {} } = selection
  const single = (['primary_key', 'tenant_key', 'conflict_column'] as const).flatMap((key): Named[] => {
    const column = selection[key]
    return column === undefined ? [] : [[[key], column]]
  })
  const listed = (key: string, columns: readonly string[]) =>
    columns.map((column, place): Named => [[key, place], column])
  // What an app writes by itself need not be a column of the row that was looked at.
  const isOurs = change?.writeback === 'direct_sql' || change?.writeback === 'none'
  return [
    ...single,
    ...listed('visible_columns', visible_columns),
    ...listed('untrusted_columns', untrusted_columns),
    ...(isOurs && selection.allowed_columns !== undefined ? listed('allowed_columns', change.allowed_columns) : []),
    ...(isOurs ? Object.keys(change.patch).map((column): Named => [['patch', column], column]) : []),
    ...Object.entries(transition_guards).flatMap(([column, { from_column }]): Named[] =>
      from_column === undefined ? [] : [[['transition_guards', column, 'from_column'], from_column]],
    ),
  ]
}

/** What of a table cannot be used at all, and what only a write cannot. */
const FOR_EVERY_CALL: readonly Note['code'][] = ['NAME_NOT_PLAIN', 'NAME_TOO_LONG']
/** A person has answered these by choosing the columns; the choice itself was checked. */
const ANSWERED: readonly Note['code'][] = ['NO_TENANT_KEY', 'COMPOSITE_KEY', 'NO_VERSION_COLUMN', 'COARSE_VERSION']

function* checkNotes({ change }: ResolvedSelection, { notes }: TableAssessment): Iterable<SelectionProblem> {
  for (const { severity, code, message, next } of notes) {
    if (severity !== 'refuse' || ANSWERED.includes(code)) continue
    if (change?.writeback !== 'direct_sql' && !FOR_EVERY_CALL.includes(code)) continue
    yield selectionProblem(['table'], `${message} ${next}`)
  }
}
