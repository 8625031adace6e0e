import type { Arguments } from '../capability/arguments.js'
import type { StepConfig } from '../contract/schema.js'
import { RunnerError } from '../errors.js'
import { holds } from './condition.js'
import type { ListedProposal } from './step-call.js'
import type { AwaitingStep } from './step-proposal.js'
import type { Steps } from './steps.js'
import { rulesOf, type Workflow } from './workflow.js'

type Value = NonNullable<StepConfig['args']>[string]
type Condition = NonNullable<StepConfig['when']>

/** What each step gave, by its key. */
type Given = Map<string, Readonly<Record<string, unknown>>>

/** Takes the steps that a contract lists, in their order. */
export async function runListedSteps(workflow: Workflow, steps: Steps, input: Arguments): Promise<void> {
  const given: Given = new Map()
  const listed = workflow.steps ?? []
  for (const [place, step] of listed.entries()) {
    const { when } = step
    const isGate = step.capability === undefined && step.await === undefined && step.apply === undefined
    if (isGate) {
      const met = await steps.condition(step.key, () => when !== undefined && isTrue(when, given, input))
      given.set(step.key, { holds: met })
      continue
    }
    if (when !== undefined && !isTrue(when, given, input)) continue
    given.set(step.key, await takeStep(workflow, steps, step, { given, input, next: listed[place + 1] }))
  }
}

interface Known {
  readonly given: Given
  readonly input: Arguments
  readonly next: StepConfig | undefined
}

async function takeStep(workflow: Workflow, steps: Steps, step: StepConfig, { given, input, next }: Known) {
  const { key } = step
  if (step.capability !== undefined) {
    const args = Object.fromEntries(
      Object.entries(step.args ?? {}).flatMap(([name, from]) => {
        const value = resolveValue(from, given, input)
        return value === undefined ? [] : [[name, value]]
      }),
    )
    return takeCall(workflow, steps, {
      key,
      name: step.capability,
      args,
      listed: { awaited: awaitingStep(key, next), pinned: pinnedIn(step) },
    })
  }
  if (step.apply !== undefined) return { ...(await steps.awaitApplied(key, proposalOf(given, step.apply))) }
  switch (step.await) {
    case 'approval':
      return { ...(await steps.awaitDecision(key, proposalOf(given, step.of))) }
    case 'information':
      return { ...(await steps.awaitInformation(key, step.question ?? '', rulesOf(step.input ?? {}))) }
    default:
      return { ...(await steps.awaitExternal(key, rulesOf(step.input ?? {}))) }
  }
}

interface CapabilityStep {
  readonly key: string
  readonly name: string
  readonly args: Readonly<Record<string, unknown>>
  readonly listed: ListedProposal
}

async function takeCall(
  { capabilities }: Workflow,
  steps: Steps,
  { key, name, args, listed }: CapabilityStep,
): Promise<Readonly<Record<string, unknown>>> {
  if (capabilities.get(name)?.kind === 'proposal') {
    const { id, status } = await steps.propose(key, name, args, listed)
    return { proposal_id: id, status }
  }
  const { data, row_count, truncated } = await steps.inspect(key, name, args, true)
  return { ...(Array.isArray(data) ? {} : data), row_count, truncated }
}

/** Arguments that come from the contract, or from what was read: only those of its input are the caller's. */
function pinnedIn({ args = {} }: StepConfig): readonly string[] {
  return Object.entries(args).flatMap(([name, from]) => ('from_input' in from ? [] : [name]))
}

/** The step behind a proposal, if that waits for it whatever happens. */
function awaitingStep(key: string, next: StepConfig | undefined): AwaitingStep | undefined {
  if (next === undefined || next.when !== undefined) return undefined
  if (next.apply === key) return { key: next.key, kind: 'apply' }
  return next.await === 'approval' && next.of === key ? { key: next.key, kind: 'approval' } : undefined
}

function proposalOf(given: Given, key: string | undefined): string {
  return String(given.get(key ?? '')?.proposal_id)
}

function resolveValue(from: Value | Condition, given: Given, input: Arguments): unknown {
  if ('fixed' in from) return from.fixed
  if ('from_input' in from && from.from_input !== undefined) return input[from.from_input]
  if ('from_step' in from && from.from_step !== undefined && from.field !== undefined) {
    const step = given.get(from.from_step)
    if (step !== undefined) return step[from.field]
  }
  throw new RunnerError('INTERNAL', 'A step reads what was not there.')
}

function isTrue(condition: Condition, given: Given, input: Arguments): boolean {
  return holds(condition, resolveValue(condition, given, input))
}
