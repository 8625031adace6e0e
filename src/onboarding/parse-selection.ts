import { fromIssue, pathOf } from '../contract/issues.js'
import { isRecord, takeSnapshot } from '../contract/snapshot.js'
import { didYouMean, shown } from '../contract/suggest.js'
import { checkSelection } from './check-selection.js'
import { type Selection, selectionSchema } from './selection.js'
import { assertNoProblems, type SelectionProblem, selectionProblem } from './selection-problem.js'

/** What was found in a selection; `selection` where nothing is wrong. */
export interface ParsedSelection {
  readonly problems: readonly SelectionProblem[]
  readonly selection?: Selection
}

/** Reads a selection from plain data. Every problem at once; never throws. */
export function examineSelection(value: unknown): ParsedSelection {
  const { tree, problems } = takeSnapshot(value)
  if (problems.length > 0) return { problems }
  const { success, data, error } = selectionSchema().safeParse(tree, { jitless: true })
  if (!success) {
    const meaning = isRecord(tree) ? [...checkSelection(tree)] : []
    return { problems: withoutRepeats([...error.issues.flatMap((issue) => toProblems(issue, tree)), ...meaning]) }
  }
  const found = [...checkSelection(data)]
  return found.length === 0 ? { problems: [], selection: data } : { problems: found }
}

/** What is wrong in itself in answers that need not be complete yet. */
export function shapeProblems(value: unknown): readonly SelectionProblem[] {
  const { tree, problems } = takeSnapshot(value)
  if (problems.length > 0) return problems
  const { error } = selectionSchema().partial().safeParse(tree, { jitless: true })
  return withoutRepeats((error?.issues ?? []).flatMap((issue) => toProblems(issue, tree)))
}

/**
 * Reads a selection from plain data.
 *
 * @throws RunnerError `CONFIG_INVALID` with every problem in `details.errors`.
 */
export function parseSelection(value: unknown): Selection {
  const { problems, selection } = examineSelection(value)
  assertNoProblems(problems)
  // Where there is no problem, there is a selection.
  return selection ?? selectionSchema().parse(value)
}

type Issue = Parameters<typeof fromIssue>[0]

function toProblems(issue: Issue, tree: unknown): readonly SelectionProblem[] {
  if (issue.code !== 'unrecognized_keys' || issue.path.length > 0) return fromIssue(issue, tree)
  const known = Object.keys(selectionSchema().shape)
  return issue.keys.map((key) =>
    selectionProblem(
      [...pathOf(issue), key],
      `Remove or correct \`${shown(key)}\`: a selection has no such key.${didYouMean(key, known)}`,
      'UNKNOWN_KEY',
    ),
  )
}

/** One place is spoken of once: what its shape is wrong in comes first. */
function withoutRepeats(problems: readonly SelectionProblem[]): readonly SelectionProblem[] {
  const seen = new Set<string>()
  return problems.filter(({ path }) => {
    const isNew = !seen.has(path)
    seen.add(path)
    return isNew
  })
}
