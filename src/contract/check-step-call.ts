import { argumentMisfit, hasArgumentType } from './argument-value.js'
import { checkInputRead, checkStepRead } from './check-step-reads.js'
import { type DraftArgument, type DraftCapability, entriesOf, own } from './draft.js'
import { type ContractProblem, type Path, problem } from './problems.js'
import { patternProblem } from './safe-pattern.js'
import { didYouMean } from './suggest.js'
import { type DraftStep, givenKeys, type StepSubject } from './workflow-subject.js'

type Value = NonNullable<NonNullable<DraftStep['args']>[string]>

/** A step calls what the workflow allows, with arguments that the capability has. */
export function* checkCall(subject: StepSubject): Iterable<ContractProblem> {
  const { act, capability, path, step } = subject
  if (act === 'capability') yield* checkCallee(subject)
  if (capability !== undefined) yield* checkGiven(subject, capability)
  for (const [name, value] of entriesOf(step.args)) {
    yield* checkValue(subject, { value, argument: own(capability?.args, name), path: [...path, 'args', name] })
  }
}

function* checkCallee({ path, step, workflow }: StepSubject): Iterable<ContractProblem> {
  const name = step.capability
  const allowed = workflow.workflow.allowed_capabilities
  // What is allowed and unknown has been reported where it is allowed.
  if (name === undefined || allowed?.includes(name)) return
  const at = [...path, 'capability']
  if (!workflow.capabilities.has(name)) {
    const message = `Call a capability of the contract.${didYouMean(name, workflow.capabilities.keys())}`
    yield problem('UNKNOWN_REFERENCE', at, message)
  } else if (allowed !== undefined) {
    const message = `Add \`${name}\` to \`allowed_capabilities\`: a run can call nothing else.`
    yield problem('INVALID_VALUE', at, message)
  }
}

/** Every argument that is given is one of the capability, and those that it needs are given. */
function* checkGiven({ path, step, workflow }: StepSubject, capability: DraftCapability): Iterable<ContractProblem> {
  const args = capability.args ?? {}
  const at = [...path, 'args']
  const needed = entriesOf(args).flatMap(([name, { required }]) => (required === false ? [] : [name]))
  if (!givenKeys(workflow.tree, path).has('args')) {
    if (needed.length === 0) return
    const names = needed.map((name) => `\`${name}\``).join(', ')
    yield problem('MISSING_KEY', at, `Add \`args\`: \`${capability.name}\` needs ${names}.`)
    return
  }
  const given = givenKeys(workflow.tree, at)
  for (const name of needed) {
    if (given.has(name)) continue
    yield problem('MISSING_KEY', [...at, name], `Add the argument \`${name}\`: \`${capability.name}\` needs it.`)
  }
  for (const name of Object.keys(step.args ?? {})) {
    if (Object.hasOwn(args, name)) continue
    const message = `Remove \`${name}\`: \`${capability.name}\` has no such argument.${didYouMean(name, Object.keys(args))}`
    yield problem('UNKNOWN_REFERENCE', [...at, name], message)
  }
}

interface ValuePlace {
  readonly value: Value
  /** The argument that it is for, where that is known. */
  readonly argument: DraftArgument | undefined
  readonly path: Path
}

function* checkValue(subject: StepSubject, { value, argument, path }: ValuePlace): Iterable<ContractProblem> {
  if ('fixed' in value) {
    if (argument !== undefined && value.fixed !== undefined)
      yield* checkFixed(argument, value.fixed, [...path, 'fixed'])
    return
  }
  if ('from_step' in value) {
    const { from_step, field } = value
    const type = yield* checkStepRead(subject, { from_step, field }, path)
    yield* checkTypes(argument?.type, type, [...path, 'field'])
    return
  }
  if (!('from_input' in value) || value.from_input === undefined) return
  const at = [...path, 'from_input']
  const type = yield* checkInputRead(subject, value.from_input, at)
  yield* checkTypes(argument?.type, type, at)
}

type Scalar = string | number | boolean | null

function* checkFixed(argument: DraftArgument, value: Scalar, path: Path): Iterable<ContractProblem> {
  const unsafe = argument.pattern !== undefined && patternProblem(argument.pattern, argument.max_length)
  const misfit = argumentMisfit(unsafe ? { ...argument, pattern: undefined } : argument, value)
  if (misfit === undefined) return
  yield problem(hasArgumentType(argument.type, value) ? 'INVALID_VALUE' : 'INVALID_TYPE', path, misfit)
}

type ArgumentType = DraftArgument['type']

/** A number may be whole; otherwise one type never becomes another. */
function* checkTypes(wanted: ArgumentType, given: ArgumentType, path: Path): Iterable<ContractProblem> {
  if (wanted === undefined || given === undefined || loose(wanted) === loose(given)) return
  yield problem('INVALID_TYPE', path, `Name a value of type ${wanted}, as the argument has: this is of type ${given}.`)
}

function loose(type: ArgumentType): ArgumentType {
  return type === 'integer' ? 'number' : type
}
