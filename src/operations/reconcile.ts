import { isRunnerError, RunnerError } from '../errors.js'
import { isExpired } from '../policy/expiry.js'
import type { ProposalState } from '../protocol/state.js'
import { isTerminal } from '../protocol/status.js'
import { sameValue, type TypedRow } from '../protocol/values.js'
import { appExecutorOf, applyByApp, settleByApp } from './apply-app.js'
import { assertSameCapability, checkApprovals } from './apply-checks.js'
import { wrongStatus } from './decide.js'
import { type LoadedProposal, loadProposal } from './load-proposal.js'
import { type OperatorFinding, recordFinding } from './operator-finding.js'
import type { Ports, Source } from './ports.js'
import { type Proposal, toProposal } from './proposal.js'
import { expectedRow, planRowRead } from './proposal-row.js'
import { receiptOfFinding } from './receipt.js'
import { claimOf, explained, recordOutcome, settleInSource } from './settle.js'

export interface ReconcileOptions {
  /**
   * What a person found out about a change that an app was asked for, or that left no receipt (`runner_ledger`), where
   * neither the app nor the row tells.
   */
  readonly finding?: OperatorFinding
}

/**
 * Settles what became of an attempt, and never writes the row. A proposal whose receipt the ledger has lost gets it
 * back; one that is settled is returned as it is. An executor of the app is asked again under the same key.
 *
 * @throws RunnerError `OUTCOME_UNKNOWN` where the source holds no receipts and the row does not tell, or the app gives no
 * answer that does.
 */
export async function reconcile(ports: Ports, id: string, { finding }: ReconcileOptions = {}): Promise<Proposal> {
  const loaded = await loadProposal(ports, id)
  const { state } = loaded
  if (finding !== undefined) {
    assertNothingTells(ports, state)
    await recordFinding(ports, loaded, finding)
    return toProposal((await loadProposal(ports, id)).state, ports.clock.now())
  }
  if (isTerminal(state.status) && !mayHaveLostReceipt(state)) return toProposal(state, ports.clock.now())
  if (state.status === 'pending_review') throw wrongStatus(state.frozen.proposal_id, state.status)

  if (appExecutorOf(state) === undefined) {
    await settle(ports, await ports.sources.open(state.frozen.source.name), loaded)
  } else {
    await askApp(ports, loaded)
  }

  const settled = await loadProposal(ports, id)
  return toProposal(settled.state, ports.clock.now())
}

/** Where the source keeps receipts, it is asked and nobody else. */
function assertNothingTells(ports: Ports, state: ProposalState): void {
  const { source, proposal_id } = state.frozen
  const config = ports.contract.config.sources[source.name]
  if (appExecutorOf(state) !== undefined || config?.receipts.authority === 'runner_ledger') return
  throw new RunnerError('INVALID_ARGUMENT', `The source itself tells what became of ${proposal_id}.`, {
    details: { proposal_id, argument: 'finding' },
    next: 'Reconcile without a finding.',
  })
}

/** After a power cut the ledger may have lost its copy of a receipt and let the proposal expire or be replaced. */
function mayHaveLostReceipt({ status, decisions }: ProposalState): boolean {
  return (status === 'expired' || status === 'superseded') && decisions.some((each) => each.decision === 'approved')
}

/**
 * The app is asked again under the same key. While the change may still be made, that is the same request; later it is
 * asked to bar the key.
 */
async function askApp(ports: Ports, loaded: LoadedProposal): Promise<void> {
  const { status } = loaded.state
  if (status !== 'applying' && status !== 'outcome_unknown') return
  const ask = (await mayStillApply(ports, loaded)) ? applyByApp : settleByApp
  await ask(ports, loaded)
}

async function mayStillApply(ports: Ports, { state }: LoadedProposal): Promise<boolean> {
  if (isExpired(state.frozen.expires_at, ports.clock.now())) return false
  try {
    assertSameCapability(ports, state)
    await checkApprovals(ports, state)
    return true
  } catch (error) {
    // Whether it may is not known while nobody can be asked.
    if (!isRunnerError(error) || error.retry === 'same_request') throw error
    return false
  }
}

async function settle(ports: Ports, source: Source, loaded: LoadedProposal): Promise<void> {
  const { state } = loaded
  const claim = claimOf(source, state)
  const attempted = state.status === 'applying' || state.status === 'outcome_unknown'
  if (claim === null) {
    if (attempted) await settleByRow(ports, source, loaded)
    return
  }
  if (attempted) {
    const { receipt } = await settleInSource(ports, source, loaded, claim)
    await recordOutcome(ports, loaded, receipt, 'durable')
    return
  }
  const stored = await source.driver.findReceipt(claim.table, claim.key)
  if (stored !== undefined) await recordOutcome(ports, loaded, await explained(ports, loaded, stored), 'durable')
}

/**
 * The weaker promise of `runner_ledger`: the row itself is the only witness. Under its lock, an unmoved row was not
 * written; a row that is the approved one was. Anything else a person must look at.
 */
async function settleByRow(ports: Ports, source: Source, loaded: LoadedProposal): Promise<void> {
  const { state } = loaded
  const row = await readRow(source, loaded)
  const finding = judge(loaded, row)
  if (finding === 'unmoved') assertOver(ports, source, state)
  if (finding === 'unclear') {
    throw new RunnerError('OUTCOME_UNKNOWN', `The row does not tell whether ${state.frozen.proposal_id} was applied.`, {
      details: { proposal_id: state.frozen.proposal_id },
      next: 'Somebody changed the row meanwhile. Compare it with the proposal by hand.',
    })
  }
  const receipt = receiptOfFinding(ports, state, finding === 'applied', 'ROW_COMPARISON')
  await recordOutcome(ports, loaded, receipt, 'durable')
}

/** An attempt that was held up on its way could still write, and no receipt can bar it: its time must be over. */
function assertOver(ports: Ports, { settled_ms }: Source, { frozen, last_attempt_at }: ProposalState): void {
  if (last_attempt_at === undefined) return
  const retry_after_ms = Date.parse(last_attempt_at) + settled_ms - ports.clock.now().getTime()
  if (retry_after_ms <= 0) return
  throw new RunnerError('BUSY', `The attempt to apply ${frozen.proposal_id} may still be on its way.`, {
    details: { proposal_id: frozen.proposal_id },
    retry_after_ms,
  })
}

function judge({ state }: LoadedProposal, row: TypedRow | undefined): 'applied' | 'unmoved' | 'unclear' {
  const { conflict_guard: guard, before, after } = state.frozen
  if (row === undefined) return 'unclear'
  const expected = expectedRow(state.frozen)
  const holds = (values: TypedRow) => Object.entries(values).every(([column, value]) => sameValue(row[column], value))
  const versionMoved = guard.kind === 'row' || !sameValue(row[guard.column], guard.expected_value)
  if (holds(expected)) return 'unmoved'
  const reviewed = guard.kind === 'row' ? guard.reviewed : {}
  return versionMoved && holds({ ...reviewed, ...before, ...after }) ? 'applied' : 'unclear'
}

async function readRow(source: Source, { state }: LoadedProposal): Promise<TypedRow | undefined> {
  const { frozen } = state
  const { read, values } = await planRowRead(source, frozen, Object.keys({ ...expectedRow(frozen), ...frozen.after }))
  if (values === undefined) return undefined
  const [row] = await source.driver.readLocked(read, values)
  return row
}
