import { isDeepStrictEqual } from 'node:util'
import { type DraftArgument, own } from './draft.js'
import { type ContractProblem, type Path, problem } from './problems.js'
import { didYouMean } from './suggest.js'
import { type DraftStep, fieldsOf, givenKeys, type StepSubject } from './workflow-subject.js'

/** Problems, and at the end what was found. */
type Finding<Found> = Generator<ContractProblem, Found | undefined, undefined>

/** True where `step` is there exactly when `other` is. */
export function hasSameCondition(other: StepSubject, step: DraftStep): boolean {
  return isDeepStrictEqual(other.step.when, step.when)
}

/** The input that is read is there. Gives its type. */
export function* checkInputRead({ workflow }: StepSubject, name: string, path: Path): Finding<DraftArgument['type']> {
  const input = workflow.workflow.input ?? {}
  if (!Object.hasOwn(input, name)) {
    const message = `Name an input: \`input\` has no \`${name}\`.${didYouMean(name, Object.keys(input))}`
    yield problem('UNKNOWN_REFERENCE', path, message)
  }
  return own(input, name)?.type
}

/** The step that is read comes earlier, is there when this one is, and gives the field. Tells the type of the field. */
export function* checkStepRead(
  subject: StepSubject,
  read: { readonly from_step: string | undefined; readonly field: string | undefined },
  path: Path,
): Finding<DraftArgument['type']> {
  const { from_step, field } = read
  if (from_step === undefined) return undefined
  const found = yield* checkEarlier(subject, from_step, [...path, 'from_step'])
  const fields = found === undefined ? undefined : fieldsOf(found)
  if (fields === undefined || field === undefined) return undefined
  if (!fields.has(field)) {
    const message = `Name what \`${from_step}\` gives: ${listed([...fields.keys()])}.${didYouMean(field, fields.keys())}`
    yield problem('UNKNOWN_REFERENCE', [...path, 'field'], message)
  }
  return fields.get(field)
}

/** Enough to see the kind of thing; a table may have hundreds of columns. */
const MOST_LISTED = 12

function listed(names: readonly string[]): string {
  if (names.length === 0) return 'it has no `input`, so that is nothing'
  const shown = names.slice(0, MOST_LISTED).map((name) => `\`${name}\``)
  return [...shown, ...(names.length > MOST_LISTED ? ['and more'] : [])].join(', ')
}

/** The step called `name` comes earlier, and is there when this one is. Gives that step. */
export function* checkEarlier(subject: StepSubject, name: string, path: Path): Finding<StepSubject> {
  const { earlier, step, workflow } = subject
  const found = earlier.find((other) => other.step.key === name)
  if (found !== undefined) {
    yield* checkPresent(subject, found, path)
    return found
  }
  if (step.key === name) {
    yield problem('INVALID_VALUE', path, `Name an earlier step: \`${name}\` is this step itself.`)
  } else if (workflow.workflow.steps?.some((other) => other?.key === name)) {
    yield problem('INVALID_VALUE', path, `Name an earlier step, or move \`${name}\` up: it comes after this one.`)
  } else {
    const keys = earlier.flatMap((other) => other.step.key ?? [])
    yield problem('UNKNOWN_REFERENCE', path, `Name an earlier step: there is no \`${name}\`.${didYouMean(name, keys)}`)
  }
  return undefined
}

/** A step that is left out gives nothing. `when` alone is never left out. */
function* checkPresent(subject: StepSubject, found: StepSubject, path: Path): Iterable<ContractProblem> {
  const { step, workflow } = subject
  if (found.step.when === undefined || found.act === 'when' || hasSameCondition(found, step)) return
  const key = found.step.key
  if (path[subject.path.length] === 'when') {
    const message = `Ask about a step without \`when\`: where \`${key}\` is left out, there is nothing to ask about.`
    yield problem('INVALID_VALUE', path, message)
    return
  }
  if (step.when === undefined && givenKeys(workflow.tree, subject.path).has('when')) return
  const message = `Give this step the same \`when\` as \`${key}\`: where that is left out, this one has nothing to go on.`
  yield problem('INVALID_VALUE', path, message)
}
