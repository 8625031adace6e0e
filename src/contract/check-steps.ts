import { checkArgument } from './check-arguments.js'
import { checkCall } from './check-step-call.js'
import { checkCondition } from './check-step-condition.js'
import { checkEarlier, hasSameCondition } from './check-step-reads.js'
import { entriesOf } from './draft.js'
import { type ContractProblem, type Path, problem } from './problems.js'
import { ACTS, givenKeys, kindOf, type StepSubject, stepSubjectsOf, type WorkflowSubject } from './workflow-subject.js'

/** Steps do one thing each, with what that needs, on what earlier steps gave. */
export function* checkSteps(workflow: WorkflowSubject): Iterable<ContractProblem> {
  for (const subject of stepSubjectsOf(workflow)) {
    yield* checkKey(subject)
    yield* checkAct(subject)
    yield* checkCompany(subject)
    yield* checkCall(subject)
    yield* checkAnswer(subject)
    yield* checkProposalOf(subject)
    yield* checkCondition(subject)
    yield* checkEvidence(subject)
  }
}

function* checkKey({ earlier, path, step }: StepSubject): Iterable<ContractProblem> {
  const { key } = step
  if (key === undefined || !earlier.some((other) => other.step.key === key)) return
  yield problem('DUPLICATE_NAME', [...path, 'key'], `Give this step another key: \`${key}\` is taken.`)
}

function* checkAct({ act, path, workflow }: StepSubject): Iterable<ContractProblem> {
  if (act !== undefined) return
  const given = givenKeys(workflow.tree, path)
  const [, ...others] = ACTS.filter((key) => given.has(key))
  for (const key of others) {
    yield problem('INVALID_VALUE', [...path, key], `Move \`${key}\` to a step of its own: a step does one thing.`)
  }
  if (others.length > 0) return
  const message = 'Add `capability`, `await` or `apply`; or `when` alone, to record whether something holds.'
  yield problem('MISSING_KEY', [...path, 'capability'], message)
}

/** Keys that go with some steps only: for each, where it belongs, and where it must be. */
const COMPANY = [
  { key: 'args', place: 'a step with `capability`' },
  { key: 'of', place: '`await: approval`' },
  { key: 'question', place: '`await: information`' },
  { key: 'input', place: '`await: information` and `await: external`' },
] as const
type Companion = (typeof COMPANY)[number]['key']

/** What a step may and must have beside what it does; `undefined` where that cannot be told. */
function companyOf({ act, step }: StepSubject): { may: readonly Companion[]; must: readonly Companion[] } | undefined {
  if (act === undefined) return undefined
  if (act === 'capability') return { may: ['args'], must: [] }
  if (act !== 'await') return { may: [], must: [] }
  switch (step.await) {
    case 'approval':
      return { may: ['of'], must: ['of'] }
    case 'information':
      return { may: ['question', 'input'], must: ['question', 'input'] }
    case 'external':
      return { may: ['input'], must: [] }
    default:
      return undefined
  }
}

const PURPOSES = {
  of: 'the step whose proposal is decided',
  question: 'what the caller is asked',
  input: 'what the caller answers with',
  args: 'where each argument comes from',
} as const satisfies Record<Companion, string>

function* checkCompany(subject: StepSubject): Iterable<ContractProblem> {
  const { path, workflow } = subject
  const company = companyOf(subject)
  if (company === undefined) return
  const given = givenKeys(workflow.tree, path)
  for (const { key, place } of COMPANY) {
    if (given.has(key) && !company.may.includes(key)) {
      yield problem('INVALID_VALUE', [...path, key], `Remove \`${key}\`: it belongs to ${place}.`)
    }
    if (!given.has(key) && company.must.includes(key)) {
      yield problem('MISSING_KEY', [...path, key], `Add \`${key}\`: ${PURPOSES[key]}.`)
    }
  }
}

/** What is waited for has the rules of arguments, and there is something. */
function* checkAnswer({ path, step }: StepSubject): Iterable<ContractProblem> {
  const { input } = step
  if (input === undefined) return
  const at = [...path, 'input']
  if (Object.keys(input).length === 0) {
    yield problem('INVALID_VALUE', at, 'Name at least one value that the step waits for.')
  }
  for (const [name, argument] of entriesOf(input)) yield* checkArgument(argument, [...at, name])
}

function* checkProposalOf(subject: StepSubject): Iterable<ContractProblem> {
  const { act, step, path } = subject
  if (act === 'apply') yield* checkProposer(subject, 'apply', [...path, 'apply'])
  if (act === 'await' && step.await === 'approval') yield* checkProposer(subject, 'of', [...path, 'of'])
}

/** The step that is named proposes, and nothing earlier waits for the same. */
function* checkProposer(subject: StepSubject, key: 'of' | 'apply', path: Path): Iterable<ContractProblem> {
  const name = subject.step[key]
  if (name === undefined) return
  const found = yield* checkEarlier(subject, name, path)
  if (found === undefined) return
  const kind = kindOf(found)
  if (kind === undefined) return
  if (kind !== 'proposal') {
    yield problem('INVALID_VALUE', path, `Name a step that proposes: \`${name}\` does not.`)
    return
  }
  const twin = subject.earlier.find(
    ({ act, earlier, step }) => act === subject.act && step[key] === name && earlier.includes(found),
  )
  if (twin === undefined) return
  const deed = key === 'of' ? 'decided' : 'applied'
  const message = `Remove this step: the proposal of \`${name}\` is ${deed} once, and an earlier step waits for that.`
  yield problem('INVALID_VALUE', path, message)
}

/** Where evidence is required, a proposal comes after a read that is there whenever the proposal is. */
function* checkEvidence(subject: StepSubject): Iterable<ContractProblem> {
  const { earlier, path, step, workflow } = subject
  if (workflow.workflow.evidence !== 'required' || kindOf(subject) !== 'proposal') return
  const read = earlier.some((other) => {
    const kind = kindOf(other)
    return kind === undefined || (kind === 'read' && (other.step.when === undefined || hasSameCondition(other, step)))
  })
  if (read) return
  const message =
    'Put a step that reads before this one, without `when` or with the same: with `evidence: required`, a proposal rests on a read of its run.'
  yield problem('INVALID_VALUE', [...path, 'capability'], message)
}
