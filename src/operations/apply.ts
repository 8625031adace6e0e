import { assertWritable } from '../capability/preconditions.js'
import { RunnerError } from '../errors.js'
import { tableRef } from '../executors/sql.js'
import { isExpired } from '../policy/expiry.js'
import type { Receipt } from '../protocol/receipt.js'
import type { ProposalState } from '../protocol/state.js'
import type { TableInfo } from '../sql/dialect.js'
import { appExecutorOf, applyByApp, rehearseByApp, settleExpiredByApp } from './apply-app.js'
import { assertSameCapability, type Changing, checkApprovals, schemaDrift } from './apply-checks.js'
import { applyToSource, rehearseInSource } from './apply-sql.js'
import { laterReceipt } from './attempt.js'
import { expired, wrongStatus } from './decide.js'
import { type LoadedProposal, loadProposal } from './load-proposal.js'
import type { Ports, Source } from './ports.js'
import { settleExpired } from './settle.js'

export interface ApplyOptions {
  /**
   * Go through everything, then keep nothing: direct SQL rolls back, an executor of the app is asked for a rehearsal.
   * Nothing is recorded, but where the app does not say that it was one. Default false.
   */
  readonly dry_run?: boolean
}

/**
 * Writes an approved proposal once, or has the app do it. A later call returns the first call's receipt as
 * `already_applied`, also after expiry.
 */
export async function apply(ports: Ports, id: string, options: ApplyOptions = {}): Promise<Receipt> {
  const loaded = await loadProposal(ports, id)
  const { state } = loaded
  if (state.receipt !== undefined) return laterReceipt(state.receipt)

  assertApplicable(state)
  const receipt = await (appExecutorOf(state) === undefined ? bySource : byApp)(ports, loaded, options)
  return receipt ?? apply(ports, id, options)
}

function assertApplicable({ status, frozen }: ProposalState): void {
  const { proposal_id } = frozen
  if (status === 'approved' || status === 'applying' || status === 'outcome_unknown') return
  if (status === 'pending_review') {
    throw new RunnerError('NOT_APPROVED', `${proposal_id} is not approved.`, { details: { proposal_id, status } })
  }
  if (status === 'expired') throw expired(frozen)
  throw wrongStatus(proposal_id, status)
}

type Way = (ports: Ports, loaded: LoadedProposal, options: ApplyOptions) => Promise<Receipt | undefined>

const bySource: Way = async (ports, loaded, { dry_run = false }) => {
  const { state } = loaded
  const source = await ports.sources.open(state.frozen.source.name)
  if (isExpired(state.frozen.expires_at, ports.clock.now())) {
    if (dry_run) throw expired(state.frozen)
    return settleExpired(ports, source, loaded)
  }
  const capability = assertSameCapability(ports, state)
  assertDirect(state)
  const table = await checkTable(source, state, capability)
  await checkApprovals(ports, state)
  return dry_run ? rehearseInSource(ports, source, loaded, table) : applyToSource(ports, source, loaded, table)
}

const byApp: Way = async (ports, loaded, { dry_run = false }) => {
  const { state } = loaded
  if (isExpired(state.frozen.expires_at, ports.clock.now())) {
    if (dry_run) throw expired(state.frozen)
    return settleExpiredByApp(ports, loaded)
  }
  assertSameCapability(ports, state)
  await checkApprovals(ports, state)
  return dry_run ? rehearseByApp(ports, loaded) : applyByApp(ports, loaded)
}

function assertDirect({ frozen: { proposal_id, executor } }: ProposalState): void {
  if (executor.type === 'sql_update') return
  throw new RunnerError(
    'EXECUTOR_UNAVAILABLE',
    `Nothing here applies what ${proposal_id} proposes: its writeback is ${executor.type}.`,
    {
      details: { proposal_id, executor: executor.type },
    },
  )
}

/** The table must be the one that was reviewed, and safe to write. Asked again when the known description is old. */
async function checkTable(source: Source, { frozen }: ProposalState, capability: Changing): Promise<TableInfo> {
  const known = await source.driver.describe(tableRef(frozen))
  const fits = known.fingerprint === frozen.schema_fingerprint
  const table = fits ? known : await source.driver.describe(tableRef(frozen), { fresh: true })
  if (table.fingerprint !== frozen.schema_fingerprint) throw schemaDrift(frozen.proposal_id, frozen.target.table)
  if (source.read_only) {
    throw new RunnerError('PRECONDITION_FAILED', `Source ${source.name} is read_only in the contract.`)
  }
  assertWritable(capability, capability.change, table)
  return table
}
