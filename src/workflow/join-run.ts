/** Calls from outside that join a run: a framework makes them, and gives the run and a step key with each. */
import { parseArguments } from '../capability/arguments.js'
import { RunnerError } from '../errors.js'
import type { ResolvedContext } from '../operations/context.js'
import { type Inspection, inspect } from '../operations/inspect.js'
import { parseLink } from '../operations/link.js'
import { untilRecorded } from '../operations/load-proposal.js'
import { loadOwnProposal } from '../operations/own-proposal.js'
import type { Link, Ports } from '../operations/ports.js'
import { type Proposal, toProposal } from '../operations/proposal.js'
import { propose } from '../operations/propose.js'
import type { Digest } from '../protocol/canonical.js'
import type { StepState } from '../protocol/run-state.js'
import { assertOpen } from './continue-run.js'
import { type Journal, openJournal, RunMoved } from './journal.js'
import { isRunId, type LoadedRun, loadOwnRun } from './load-run.js'
import { workflowOf } from './move.js'
import { latestProposal } from './proposal-of-run.js'
import { recall } from './step-call.js'
import { finishedByProposal, finishedByRead, isFinished, stepRequest } from './step-entries.js'
import { allowedCapability, assertEvidence, demandOf, type Workflow } from './workflow.js'

/** A call that names a run of ours. */
export interface JoinedCall {
  readonly name: unknown
  readonly args: unknown
  readonly own: ResolvedContext
  readonly link: Link
}

/** True for a link to a run of ours. A host may also name runs of its own, which are only recorded. */
export function joinsRun(link: unknown): link is Link {
  return isRunId(parseLink(link)?.run_id)
}

/** Inspects within a run. The same step again is what it was. */
export async function inspectInRun(ports: Ports, call: JoinedCall): Promise<Inspection> {
  return join(ports, call, 'inspect', async ({ journal, workflow, key, request, earlier, args }) => {
    const capability = allowedCapability(workflow, call.name)
    if (earlier !== undefined) return recall(ports, capability, earlier)
    const read = finishedByRead(journal, { key, kind: 'inspect', request, linked: true })
    return inspect(journal.joined({ read }), { name: call.name, args, contextOf: call.own.contextOf, link: call.link })
  })
}

/** Proposes within a run. The same step again is what it was. */
export async function proposeInRun(ports: Ports, call: JoinedCall): Promise<Proposal> {
  return join(ports, call, 'propose', async ({ journal, workflow, key, request, earlier, args }) => {
    const capability = allowedCapability(workflow, call.name)
    if (earlier !== undefined) {
      const { loaded } = await latestProposal(ports, journal.state.frozen.run_id, earlier.proposal_id ?? '')
      return toProposal(loaded.state, ports.clock.now())
    }
    assertEvidence(workflow, journal.state)
    const step = { key, kind: 'propose' as const, request, linked: true }
    const approval = demandOf(workflow, capability)
    const proposal = await propose(journal.joined({ append: finishedByProposal(journal, step) }), {
      name: call.name,
      args,
      contextOf: call.own.contextOf,
      link: call.link,
      approval,
    })
    if (!isFinished(journal.state, key)) {
      journal.note('step.finished', {
        ...step,
        output: null,
        proposal_id: proposal.id,
        evidence_bundle_id: proposal.evidence_bundle_id,
      })
      await journal.flush()
    }
    return proposal
  })
}

interface Joined {
  readonly journal: Journal
  readonly workflow: Workflow
  readonly key: string
  readonly request: Digest
  readonly earlier: StepState | undefined
  readonly args: Readonly<Record<string, unknown>>
}

/** Finds the run and the step, checks them against the workflow, and makes the call if it was not made before. */
async function join<Result>(
  ports: Ports,
  call: JoinedCall,
  kind: StepState['kind'],
  make: (joined: Joined) => Promise<Result>,
): Promise<Result> {
  return untilRecorded(async () => {
    const { run_id, step_key: key } = call.link
    const loaded = await loadOwnRun(ports, run_id, call.own)
    const workflow = workflowOf(ports, loaded.state)
    const capability = allowedCapability(workflow, call.name)
    const args = parseArguments(capability.args, call.args)
    const request = stepRequest({ capability: capability.name, args })
    assertLinked(loaded, key)
    const earlier = loaded.state.steps.find((step) => step.key === key)
    if (earlier !== undefined) assertSame(run_id, earlier, kind, request)
    else assertLive(ports, loaded)
    const journal = openJournal(ports, loaded)
    try {
      return await make({ journal, workflow, key, request, earlier, args })
    } catch (error) {
      if (error instanceof RunMoved) return undefined
      throw error
    }
  })
}

/** A run that takes steps of its own would find them taken. */
function assertLinked({ state: { frozen } }: LoadedRun, key: string): void {
  if (frozen.form !== 'linked') {
    throw new RunnerError('WORKFLOW_NOT_ALLOWED', `${frozen.run_id} takes its own steps: no call joins it.`, {
      details: { run_id: frozen.run_id, workflow: frozen.workflow },
    })
  }
  if (!key.startsWith('wrp_')) return
  throw new RunnerError('INVALID_ARGUMENT', 'A step key beginning with wrp_ is one of the run itself.', {
    details: { argument: 'link' },
  })
}

function assertLive(ports: Ports, loaded: LoadedRun): void {
  assertOpen(loaded)
  const { run_id, expires_at } = loaded.state.frozen
  if (expires_at > ports.clock.now().toISOString()) return
  throw new RunnerError('EXPIRED', `${run_id} expired at ${expires_at}.`, { details: { run_id, expires_at } })
}

function assertSame(run_id: string, earlier: StepState, kind: StepState['kind'], request: Digest): void {
  if (earlier.linked && earlier.kind === kind && earlier.request === request && earlier.status === 'finished') return
  throw new RunnerError('STEP_CONFLICT', 'The step key is on record in this run with another call.', {
    details: { run_id, step: earlier.key },
  })
}

/**
 * A run asks for its own approvals, so that a question about its proposal is answered by continuing it.
 *
 * @throws RunnerError `WRONG_STATUS`, or `PROPOSAL_NOT_FOUND` for somebody else's.
 */
export async function assertOutsideRuns(
  ports: Ports,
  { id, link }: { readonly id: string; readonly link: Link | undefined },
  own: ResolvedContext,
): Promise<void> {
  const { run_id, proposal_id } = (await loadOwnProposal(ports, id, own)).state.frozen
  if (!isRunId(run_id) && !joinsRun(link)) return
  throw new RunnerError('WRONG_STATUS', `${proposal_id} belongs to a run.`, {
    details: { proposal_id, run_id },
    next: 'Continue the run with the information.',
  })
}
