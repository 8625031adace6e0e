/** Steps that call a capability: they read, or propose. */
import { type Arguments, parseArguments } from '../capability/arguments.js'
import type { Capability } from '../capability/capability.js'
import { RunnerError } from '../errors.js'
import { type Inspection, inspect, toInspection } from '../operations/inspect.js'
import type { Ports } from '../operations/ports.js'
import { type Proposal, toProposal } from '../operations/proposal.js'
import { loadProposed } from '../operations/propose.js'
import type { Digest } from '../protocol/canonical.js'
import { evidenceDigest } from '../protocol/evidence.js'
import type { StepState } from '../protocol/run-state.js'
import { newProposal } from '../protocol/state.js'
import { ownContext } from './load-run.js'
import type { Pass } from './pass.js'
import { finishedByProposal, finishedByRead, isFinished } from './step-entries.js'
import { shown } from './step-outcome.js'
import { type AwaitingStep, waitingFor } from './step-proposal.js'
import { allowedCapability, assertEvidence, demandOf } from './workflow.js'

/** A call of a capability, as its workflow makes it. */
export interface StepCall {
  readonly key: string
  readonly name: string
  readonly args: Readonly<Record<string, unknown>>
}

/** What is known of a proposal that the contract lists. */
export interface ListedProposal {
  /** The step that certainly comes next, and waits for the proposal: it is recorded along. */
  readonly awaited: AwaitingStep | undefined
  /** Arguments that are not the caller's to give, nor to change when a reviewer asks back. */
  readonly pinned: readonly string[]
}

/** @param holds - Nobody is answered before the next record is made: it takes the evidence along. */
export async function inspectStep(pass: Pass, call: StepCall, holds: boolean): Promise<Inspection> {
  const { ports, journal, workflow } = pass
  const { key, name } = call
  const asked = askedOf(pass, 'inspect', call)
  return pass.take(
    { key, kind: 'inspect', asked },
    (step) => recall(ports, allowedCapability(workflow, name), step),
    (request) => {
      const read = finishedByRead(journal, { key, kind: 'inspect', request, linked: false })
      return inspect(journal.joined({ holds, read }), operationCall(pass, call, asked.args))
    },
  )
}

/** @param listed - What the contract says of a step that it lists. */
export async function proposeStep(pass: Pass, call: StepCall, listed: ListedProposal | undefined): Promise<Proposal> {
  const { key } = call
  const asked = askedOf(pass, 'propose', call)
  pass.proposed.set(key, { args: asked.args, pinned: listed?.pinned ?? [] })
  return pass.take(
    { key, kind: 'propose', asked },
    async ({ proposal_id }) => {
      // As it was when it was made, each time: what has come of it is for the steps that wait for it.
      const { state } = await pass.journal.proposals.load(proposal_id ?? '')
      return toProposal(newProposal(state.frozen, state.hash), new Date(state.frozen.created_at))
    },
    (request) => proposeOnce(pass, { ...call, args: asked.args, request }, listed),
  )
}

interface AskedCall extends StepCall {
  readonly args: Arguments
  readonly request: Digest
}

async function proposeOnce(pass: Pass, call: AskedCall, listed: ListedProposal | undefined): Promise<Proposal> {
  const { ports, journal, workflow } = pass
  const { key, name, args, request } = call
  assertEvidence(workflow, journal.state)
  const step = { key, kind: 'propose' as const, request, linked: false }
  const awaited = listed?.awaited
  const joined = journal.joined({
    // A function of the app is told of a refusal at once.
    holds: listed !== undefined,
    append: finishedByProposal(journal, step, (proposal_id) =>
      awaited === undefined ? [] : [journal.entry('step.waiting', waitingFor(awaited, proposal_id))],
    ),
  })
  const approval = demandOf(workflow, allowedCapability(workflow, name))
  const proposed = await loadProposed(joined, { ...operationCall(pass, call, args), approval }, null)
  journal.proposals.put(proposed)
  // The same was proposed before this step could be put on record.
  if (!isFinished(journal.state, key)) {
    const { proposal_id, evidence } = proposed.state.frozen
    pass.finish({ ...step, proposal_id, evidence_bundle_id: evidence.bundle_id })
  }
  return toProposal(proposed.state, ports.clock.now())
}

/** What a call asks of its step: the capability, and the arguments as they are parsed. */
function askedOf({ workflow, assertUnknown }: Pass, kind: 'inspect' | 'propose', { key, name, args }: StepCall) {
  try {
    const capability = allowedCapability(workflow, name)
    return { capability: capability.name, args: parseArguments(capability.args, args) }
  } catch (error) {
    assertUnknown(key, kind)
    throw error
  }
}

/** A call as the operations take it, for whoever started the run. */
function operationCall({ journal }: Pass, { key, name }: StepCall, args: Arguments) {
  const { run_id, context } = journal.state.frozen
  return { name, args, contextOf: ownContext(context).contextOf, link: { run_id, step_key: key } }
}

/** What a read gave, from the evidence on record. */
export async function recall(ports: Ports, capability: Capability, step: StepState): Promise<Inspection> {
  const record = await ports.ledger.findEvidence(step.evidence_bundle_id ?? '')
  if (record !== undefined && evidenceDigest(record.evidence) === record.digest) return toInspection(capability, record)
  throw new RunnerError('INTEGRITY', `The evidence of step ${shown(step.key)} is not there, or not as it was recorded.`)
}
