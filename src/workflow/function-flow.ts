import * as z from 'zod'
import { argumentSchema } from '../contract/argument-schema.js'
import type {
  AnswerTo,
  ArgsOf,
  CapabilityName,
  DataOf,
  ProposalName,
  ReadName,
  WorkflowInput,
  WorkflowName,
} from '../contract/infer.js'
import { identifier } from '../contract/names.js'
import { isRefusedArgument } from '../contract/refusals.js'
import type { ArgumentConfig, Config } from '../contract/schema.js'
import { RunnerError } from '../errors.js'
import type { Inspection } from '../operations/inspect.js'
import type { Proposal } from '../operations/proposal.js'
import { refuseSecret } from '../policy/secrets.js'
import { once } from '../protocol/once.js'
import type { Outcome, ProposalRef } from './step-proposal.js'
import type { Steps } from './steps.js'
import { rulesOf } from './workflow.js'

/** What a caller, or the app, is to answer with: the grammar of a capability's arguments. */
export type AnswerSchema = Readonly<Record<string, Pick<ArgumentConfig, 'type'> & Partial<ArgumentConfig>>>

/** How long a function of the app has a step for itself, in milliseconds. */
export interface StepOptions {
  /**
   * Until then no other process runs the step; afterwards it counts as lost and is run again. 1 to 3,600,000. A
   * function that takes longer is given up.
   *
   * @defaultValue `30000`
   */
  readonly lease_ms?: number
}

// A contract that was loaded at run time types no arguments: then they are checked when the step is taken.
type FlowArgs<C extends Config, Name extends CapabilityName<C>> =
  string extends CapabilityName<C> ? Readonly<Record<string, unknown>> : ArgsOf<C, Name>

/**
 * The steps of a workflow that is a function. Each has a key of its own, is recorded under it, and is not repeated when
 * the run goes on in another process: the function runs again from its top, and what is on record answers at once.
 *
 * So the function must take the same steps in the same order each time: whatever is random, or read from elsewhere,
 * belongs into a `step`. A step with another argument than on record throws `STEP_CONFLICT`. Steps are taken one at a
 * time.
 */
export interface Flow<C extends Config = Config> {
  readonly run_id: string
  /** Reads, as `session.inspect`. */
  inspect<Name extends ReadName<C>>(
    key: string,
    capability: Name,
    args: FlowArgs<C, Name>,
  ): Promise<Inspection<DataOf<C, Name>>>
  /** Proposes, as `session.propose`. Nothing is written. */
  propose<Name extends ProposalName<C>>(key: string, capability: Name, args: FlowArgs<C, Name>): Promise<Proposal>
  /** Waits until the proposal is approved. One that is rejected, expires or is withdrawn ends the run. */
  awaitDecision(key: string, proposal: ProposalRef): Promise<Outcome>
  /** Waits until the operator has applied the proposal. One that ends otherwise ends the run. */
  awaitApplied(key: string, proposal: ProposalRef): Promise<Outcome & { readonly receipt_id: string }>
  /** Waits until the caller has answered. */
  awaitInformation<const Schema extends AnswerSchema>(
    key: string,
    question: string,
    answer: Schema,
  ): Promise<AnswerTo<Schema>>
  /** Waits until the app has told of an event, by `runner.resume(run_id, { step, event })` with the key of this step. */
  awaitExternal<const Schema extends AnswerSchema>(key: string, event: Schema): Promise<AnswerTo<Schema>>
  /**
   * Runs a function of the app and records what it gives, as JSON. At least once: where the process ends before the
   * record is written, it is run again.
   *
   * What it throws ends this pass and cannot be caught, since it may not throw again: whoever moved the run gets
   * `STEP_FAILED`, and the next one runs the step again. To end the run for good, throw a `RunnerError` whose code says
   * why, such as `PRECONDITION_FAILED`.
   */
  step<Result>(key: string, run: () => Result | Promise<Result>, options?: StepOptions): Promise<Result>
}

/** A workflow that is written as a function, given in `runtime.workflows` under its name. */
export type WorkflowFunction<C extends Config = Config, Name extends WorkflowName<C> = WorkflowName<C>> = (
  flow: Flow<C>,
  input: Readonly<WorkflowInput<C, Name>>,
) => unknown

const DEFAULT_LEASE_MS = 30_000
const LONGEST_LEASE_MS = 3_600_000

/** Shows the steps of a pass to a function of the app. */
export function createFlow(run_id: string, steps: Steps): Flow {
  return Object.freeze<Flow>({
    run_id,
    inspect: (key, capability, args) => handled(steps.inspect(key, capability, args)),
    propose: (key, capability, args) => handled(steps.propose(key, capability, args)),
    awaitDecision: (key, proposal) => handled(steps.awaitDecision(key, proposal)),
    awaitApplied: (key, proposal) => handled(steps.awaitApplied(key, proposal)),
    // The rules that are checked say what the answer is.
    awaitInformation: <Schema extends AnswerSchema>(key: string, question: string, answer: Schema) =>
      handled(attempt(() => steps.awaitInformation(key, parseQuestion(question), answerRules(answer)))) as Promise<
        AnswerTo<Schema>
      >,
    awaitExternal: <Schema extends AnswerSchema>(key: string, event: Schema) =>
      handled(attempt(() => steps.awaitExternal(key, answerRules(event)))) as Promise<AnswerTo<Schema>>,
    step: <Result>(key: string, run: () => Result | Promise<Result>, options: StepOptions = {}) =>
      // On record it is JSON: what the function gave must have survived that.
      handled(attempt(() => steps.step(key, parseFunction(run), parseLease(options)))) as Promise<Result>,
  })
}

/** What is wrong with a call is told like any other failure: by the promise. */
async function attempt<Result>(call: () => Promise<Result>): Promise<Result> {
  return call()
}

function parseLease({ lease_ms = DEFAULT_LEASE_MS, ...rest }: StepOptions): number {
  const fits = Number.isFinite(lease_ms) && lease_ms >= 1 && lease_ms <= LONGEST_LEASE_MS
  if (fits && Object.keys(rest).length === 0) return lease_ms
  throw invalid('lease_ms', `A step takes lease_ms of 1 to ${LONGEST_LEASE_MS}, and nothing else.`)
}

function parseFunction(run: unknown): () => unknown {
  if (typeof run === 'function') return run as () => unknown
  throw invalid('run', 'A step needs a function.')
}

const LONGEST_QUESTION = 2000

function parseQuestion(question: unknown): string {
  if (typeof question === 'string' && question.length > 0 && question.length <= LONGEST_QUESTION) {
    refuseSecret('the question', question)
    return question
  }
  throw invalid('question', `A question is text of 1 to ${LONGEST_QUESTION} characters.`)
}

function invalid(argument: string, message: string): RunnerError {
  return new RunnerError('INVALID_ARGUMENT', message, { details: { argument } })
}

/** A step that nobody awaits is refused when the function ends; its own failure must not end the process before. */
function handled<Result>(step: Promise<Result>): Promise<Result> {
  step.catch(() => undefined)
  return step
}

/** The grammar of a contract's arguments, with the names that nobody but the contract may use. */
function answerRules(answer: unknown) {
  const parsed = answerSchema().safeParse(answer)
  const refused = parsed.success ? Object.keys(parsed.data).find(isRefusedArgument) : undefined
  if (parsed.success && refused === undefined) return rulesOf(parsed.data)
  throw invalid(refused ?? 'answer', 'Say what the answer holds, as arguments of a capability are said.')
}

const answerSchema = once(() => z.record(identifier(), argumentSchema()))
