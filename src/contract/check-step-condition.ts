import { checkInputRead, checkStepRead } from './check-step-reads.js'
import type { DraftArgument } from './draft.js'
import { type ContractProblem, type Path, problem } from './problems.js'
import { type DraftStep, givenKeys, type StepSubject } from './workflow-subject.js'

const COMPARISONS = ['equals', 'not_equals', 'one_of', 'at_least', 'at_most'] as const

/** A condition holds one value that is there against one other. */
export function* checkCondition(subject: StepSubject): Iterable<ContractProblem> {
  const { path, step, workflow } = subject
  const { when } = step
  if (when === undefined) return
  const at = [...path, 'when']
  const given = givenKeys(workflow.tree, at)
  yield* checkSource(given, at)
  yield* checkComparison(given, at)
  const type = yield* checkRead(subject, when, at)
  if (type !== 'string' && type !== 'boolean') return
  for (const key of ['at_least', 'at_most'] as const) {
    if (when[key] === undefined) continue
    const message = `Write \`equals\` or \`one_of\`: what is asked about is of type ${type}, and only numbers are more or less.`
    yield problem('INVALID_VALUE', [...at, key], message)
  }
}

function* checkSource(given: ReadonlySet<string>, path: Path): Iterable<ContractProblem> {
  const input = given.has('from_input')
  const step = given.has('from_step')
  const field = given.has('field')
  if (input && step) {
    const message = 'Remove `from_step` or `from_input`: a condition asks about one value.'
    yield problem('INVALID_VALUE', [...path, 'from_step'], message)
  }
  if (step && !field) yield problem('MISSING_KEY', [...path, 'field'], 'Add `field`: what that step gave.')
  if (step) return
  if (input && field) yield problem('INVALID_VALUE', [...path, 'field'], 'Remove `field`: an input has none.')
  if (input) return
  if (field) yield problem('MISSING_KEY', [...path, 'from_step'], 'Add `from_step`: the step that gave the field.')
  else {
    const message = 'Add `from_input`, or `from_step` and `field`: what the condition asks about.'
    yield problem('MISSING_KEY', [...path, 'from_input'], message)
  }
}

function* checkComparison(given: ReadonlySet<string>, path: Path): Iterable<ContractProblem> {
  const [first, ...others] = COMPARISONS.filter((key) => given.has(key))
  if (first === undefined) {
    const message = 'Add one comparison: `equals`, `not_equals`, `one_of`, `at_least` or `at_most`.'
    yield problem('MISSING_KEY', [...path, 'equals'], message)
  }
  for (const key of others) {
    yield problem('INVALID_VALUE', [...path, key], `Keep one comparison: there is \`${first}\` already.`)
  }
}

function* checkRead(
  subject: StepSubject,
  { from_input, from_step, field }: NonNullable<DraftStep['when']>,
  path: Path,
): Generator<ContractProblem, DraftArgument['type'], undefined> {
  const ofInput =
    from_input === undefined ? undefined : yield* checkInputRead(subject, from_input, [...path, 'from_input'])
  const ofStep = yield* checkStepRead(subject, { from_step, field }, path)
  return ofInput ?? ofStep
}
