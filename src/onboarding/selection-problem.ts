import { type ContractProblem, type Path, type ProblemCode, problem } from '../contract/problems.js'
import { RunnerError } from '../errors.js'

/** One thing that is wrong about a selection. `path` points into the selection. */
export type SelectionProblem = ContractProblem

/** A value that is not one of those allowed there, unless said otherwise. */
export function selectionProblem(path: Path, message: string, code: ProblemCode = 'INVALID_VALUE'): SelectionProblem {
  return problem(code, path, message)
}

/**
 * Goes on only where there is nothing to say.
 *
 * @throws RunnerError `CONFIG_INVALID` with every problem in `details.errors`.
 */
export function assertNoProblems(problems: readonly SelectionProblem[], what = 'The selection'): void {
  if (problems.length === 0) return
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
  throw new RunnerError('CONFIG_INVALID', `${what} cannot be used: ${count}. Nothing was written.`, {
    details: { errors: problems, warnings: [] },
    next: 'Mend what is listed and start again.',
  })
}
