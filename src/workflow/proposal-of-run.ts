import { isRunnerError } from '../errors.js'
import type { Page, ProposalRow } from '../ledger/ledger.js'
import { type LoadedProposal, notFound } from '../operations/load-proposal.js'
import type { Ports } from '../operations/ports.js'
import { statusAt } from '../policy/expiry.js'
import { canonicalJson } from '../protocol/canonical.js'
import type { FrozenRun, RunEnd } from '../protocol/run.js'
import type { ProposalStatus } from '../protocol/status.js'
import { createProposalCache, type ProposalCache } from './proposal-cache.js'

/** A proposal of a run, as it stands now. */
export interface ProposalOfRun {
  readonly loaded: LoadedProposal
  readonly proposal_id: string
  readonly status: ProposalStatus
  readonly question: string | undefined
}

/**
 * The proposal that took the place of the one that a step made, if any did: after each answer to a reviewer's question
 * it is another one. One that somebody else put in its place is not followed, nor one that asks for another approval or is
 * about another object.
 *
 * @throws RunnerError `PROPOSAL_NOT_FOUND`, also for one that the run did not make.
 */
export async function latestProposal(
  ports: Ports,
  run_id: string,
  id: string,
  { load }: Pick<ProposalCache, 'load'> = createProposalCache(ports),
): Promise<ProposalOfRun> {
  let loaded = await load(id)
  if (loaded.state.frozen.run_id !== run_id) throw notFound()
  for (let next = loaded.state.superseded_by; next !== undefined; next = loaded.state.superseded_by) {
    const successor = await loadUnlessErased(load, next)
    // What a run has made is erased with it and not before: this one is somebody else's.
    if (successor === undefined) break
    const { frozen } = successor.state
    if (frozen.run_id !== run_id || frozen.supersedes !== loaded.row.proposal_id) break
    if (canonicalJson(frozen.approval) !== canonicalJson(loaded.state.frozen.approval)) break
    if (successor.row.object_key !== loaded.row.object_key) break
    loaded = successor
  }
  const { frozen, status, question } = loaded.state
  return {
    loaded,
    proposal_id: frozen.proposal_id,
    status: statusAt(status, frozen.expires_at, ports.clock.now()),
    question,
  }
}

async function loadUnlessErased(load: ProposalCache['load'], id: string): Promise<LoadedProposal | undefined> {
  try {
    return await load(id)
  } catch (error) {
    if (isRunnerError(error) && error.code === 'ERASED') return undefined
    throw error
  }
}

/** How a run ends whose proposal has ended so; `undefined` while it may still be applied, or was. */
export function endOf(status: ProposalStatus): RunEnd | undefined {
  switch (status) {
    case 'pending_review':
    case 'approved':
    case 'applying':
    case 'outcome_unknown':
    case 'applied':
      return undefined
    case 'rejected':
    case 'revoked':
      return 'rejected'
    case 'expired':
      return 'expired'
    case 'canceled':
      return 'canceled'
    case 'conflict':
    case 'superseded':
      return 'conflict'
    case 'failed':
      return 'failed'
    // In shadow mode nobody decides: the run has shown all that it can.
    case 'shadow':
      return 'completed'
  }
}

/** The proposals that name this run, of whoever started it, oldest first. Also those that it does not follow. */
export async function proposalsOfRun(ports: Ports, { run_id, context }: FrozenRun): Promise<readonly ProposalRow[]> {
  const found: ProposalRow[] = []
  const now = ports.clock.now().toISOString()
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: Page<ProposalRow> = await ports.ledger.listProposals(
      { run_id, ...(cursor === undefined ? {} : { cursor }), limit: 200 },
      now,
    )
    found.push(...page.items)
    cursor = page.next_cursor
  }
  const { tenant_id, principal } = context
  return found.filter((row) => row.tenant_id === tenant_id && row.principal === principal).reverse()
}
