/** Steps that wait for what becomes of a proposal. */
import { type Arguments, invalid, parseArguments } from '../capability/arguments.js'
import type { Capability } from '../capability/capability.js'
import { provideInformation } from '../operations/provide-information.js'
import type { Digest } from '../protocol/canonical.js'
import type { EntryBody } from '../protocol/entry.js'
import { ownContext } from './load-run.js'
import type { Delivery, Pass, Proposed } from './pass.js'
import { endOf, latestProposal, type ProposalOfRun } from './proposal-of-run.js'
import { stepRequest } from './step-entries.js'
import { writeProposal } from './step-write.js'
import { isLate } from './time-over.js'
import { allowedCapability, demandOf } from './workflow.js'

/** A proposal of the run, as `propose` gave it or by its id. */
export type ProposalRef = string | { readonly id: string }

/** How a decision, or an apply, came out. */
export interface Outcome {
  readonly proposal_id: string
  readonly status: string
}

/** The outcome of an apply, with its receipt. */
export type AppliedOutcome = Outcome & { readonly receipt_id: string }

/** A step that waits for what becomes of a proposal. */
export interface AwaitingStep {
  readonly key: string
  readonly kind: 'approval' | 'apply'
}

/** The same, with what it is asked. */
interface AskedStep extends AwaitingStep {
  readonly request: Digest
  /** The proposal that it was called with: answers may have put others in its place. */
  readonly id: string
}

/** Waits until the proposal is approved. */
export async function awaitDecision(pass: Pass, key: string, proposal: ProposalRef): Promise<Outcome> {
  const kind = 'approval'
  const id = idOf(proposal)
  return pass.take(
    { key, kind, asked: askedOf(id) },
    (step) => step.output as Outcome,
    async (request) => {
      const { status, proposal_id } = await decided(pass, { key, kind, request, id })
      const end = endOf(status)
      if (end !== undefined && end !== 'failed') return pass.halt({ why: 'ended', status: end })
      const output = { proposal_id, status: 'approved' }
      pass.finish({ key, kind, request, proposal_id, output })
      return output
    },
  )
}

/** Waits until the proposal is applied, or applies it where the caller may. */
export async function awaitApplied(pass: Pass, key: string, proposal: ProposalRef): Promise<AppliedOutcome> {
  const kind = 'apply'
  const id = idOf(proposal)
  return pass.take(
    { key, kind, asked: askedOf(id) },
    (step) => step.output as AppliedOutcome,
    (request) => applied(pass, { key, kind, request, id }),
  )
}

async function applied(pass: Pass, step: AskedStep): Promise<AppliedOutcome> {
  const { ports, journal, caller } = pass
  const { key, kind, request } = step
  for (;;) {
    const { status, proposal_id, loaded } = await decided(pass, step)
    const { receipt } = loaded.state
    if (status === 'applied' && receipt !== undefined) {
      const output = { proposal_id, status: 'applied', receipt_id: receipt.receipt_id }
      pass.finish({ key, kind, request, proposal_id, output })
      return output
    }
    const end = endOf(status)
    if (end !== undefined) return pass.halt({ why: 'ended', status: end })
    if (status === 'approved' && isLate(ports, journal.state.frozen)) {
      return pass.halt({ why: 'ended', status: 'expired' })
    }
    const wait = { key, kind, request, proposal_id, question: null }
    if (!caller.applies) return pass.wait(wait, 'waiting_apply')
    await journal.flush()
    await pass.forCaller(() => writeProposal(pass, wait))
    journal.proposals.clear()
  }
}

/** Until somebody has decided. A question is answered by whoever moves the run, with another proposal. */
async function decided(pass: Pass, { key, kind, request, id }: AskedStep): Promise<ProposalOfRun> {
  const { ports, journal } = pass
  for (;;) {
    const latest = await latestProposal(ports, journal.state.frozen.run_id, id, journal.proposals)
    if (latest.status !== 'pending_review') return latest
    const { proposal_id, question = null } = latest
    const about = { key, kind, request, proposal_id, question }
    if (question === null) return pass.wait(about, 'waiting_approval')
    // By the proposal: the same step may be asked about the next one.
    const information = pass.takeDelivery(proposal_id, 'information')
    if (information === undefined) return pass.wait(about, 'waiting_information')
    await answer(pass, key, { latest, information })
    journal.proposals.clear()
  }
}

/** Answers a reviewer's question, with another proposal in the place of the one that was asked about. */
async function answer(
  { journal, workflow, proposed, forCaller }: Pass,
  key: string,
  { latest, information }: { readonly latest: ProposalOfRun; readonly information: Delivery },
): Promise<void> {
  const { run_id, context } = journal.state.frozen
  const { capability: name, step_key, target } = latest.loaded.state.frozen
  const link = { run_id, step_key: step_key ?? key }
  const own = ownContext(context)
  const capability = allowedCapability(workflow, name)
  const approval = demandOf(workflow, capability)
  await forCaller(() => {
    const args = answered(capability, proposed.get(link.step_key), information.value)
    assertSameObject(capability, args, target.primary_key.value.text)
    const given = { id: latest.proposal_id, args, own, link, approval }
    return provideInformation(journal.joined({ holds: true }), given)
  })
}

/**
 * The arguments of a proposal that answers a reviewer: what the caller gives takes the place of what was given before,
 * but for what the contract says.
 *
 * @throws RunnerError `INVALID_ARGUMENT`.
 */
function answered(capability: Capability, before: Proposed | undefined, value: unknown): Arguments {
  if (before === undefined) return parseArguments(capability.args, value)
  const optional = new Map([...capability.args].map(([name, rule]) => [name, { ...rule, required: false }]))
  const given = parseArguments(optional, value)
  const changed = before.pinned.find((name) => name in given && given[name] !== before.args[name])
  if (changed !== undefined) throw invalid(changed, 'is not yours to change')
  return parseArguments(capability.args, { ...before.args, ...given })
}

/** An answer about another object would be another proposal. */
function assertSameObject({ lookup }: Capability, args: Arguments, key: string | null): void {
  if (lookup === undefined || String(args[lookup]) === key) return
  throw invalid(lookup, 'must name the object that was proposed for')
}

/** The wait for a proposal that was made in this moment. */
export function waitingFor({ key, kind }: AwaitingStep, proposal_id: string): EntryBody<'step.waiting'> {
  const request = stepRequest(askedOf(proposal_id))
  return { key, kind, request, status: 'waiting_approval', proposal_id, question: null }
}

function askedOf(proposal_id: string) {
  return { proposal_id }
}

function idOf(proposal: ProposalRef): string {
  return typeof proposal === 'string' ? proposal : proposal.id
}
