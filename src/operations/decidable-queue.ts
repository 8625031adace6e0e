import { type ErrorCode, isRunnerError } from '../errors.js'
import type { Page, ProposalFilter, ProposalRow } from '../ledger/ledger.js'
import type { Approver } from '../policy/decide.js'
import { type ApproverClaim, assertDecidable } from './decide.js'
import { loadProposal } from './load-proposal.js'
import type { Ports } from './ports.js'
import { type ProposalSummary, proposalQuery } from './queries.js'

/** How many proposals one call looks at, however few of them the person may decide on. */
const MOST_EXAMINED = 500

const DEFAULT_LIMIT = 50

/**
 * Lists what a person may decide on now. Each page of the whole queue is read just as long as there is room, so that
 * the cursor stands behind exactly what was looked at.
 */
export async function decidableQueue(
  ports: Ports,
  person: ApproverClaim,
  { limit = DEFAULT_LIMIT, cursor, ...filter }: ProposalFilter,
): Promise<Page<ProposalSummary>> {
  const mayDecide = createJudge(ports, person)
  const items: ProposalSummary[] = []
  let next = cursor
  for (let examined = 0; ; ) {
    const room = Math.min(limit - items.length, MOST_EXAMINED - examined)
    const page = await proposalQuery(ports).list({
      ...filter,
      ...(next === undefined ? {} : { cursor: next }),
      limit: room,
    })
    for (const item of page.items) if (await mayDecide(item)) items.push(item)
    examined += page.items.length
    if (page.next_cursor === null || items.length >= limit || examined >= MOST_EXAMINED) {
      return { items, next_cursor: page.next_cursor }
    }
    next = page.next_cursor
  }
}

/** By the rules of the decision itself. What the person holds in a tenant is asked for once. */
function createJudge(ports: Ports, person: ApproverClaim) {
  const known = new Map<string, Promise<Approver>>()
  const identify = (tenant_id: string): Promise<Approver> => {
    const asked = known.get(tenant_id) ?? ports.people.identify(person, { tenant_id })
    known.set(tenant_id, asked)
    return asked
  }
  return async ({ proposal_id, tenant_id }: Pick<ProposalRow, 'proposal_id' | 'tenant_id'>): Promise<boolean> => {
    try {
      const approver = await identify(tenant_id)
      const loaded = await loadProposal(ports, proposal_id)
      assertDecidable(loaded, approver, ports.clock.now())
      return loaded.state.question === undefined
    } catch (error) {
      if (isRunnerError(error) && REFUSALS.has(error.code)) return false
      throw error
    }
  }
}

/** With which a decision would be refused. Anything else means that nobody can tell now. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set([
  'APPROVER_UNKNOWN',
  'SELF_APPROVAL',
  'ROLE_REQUIRED',
  'ALREADY_DECIDED',
  'WRONG_STATUS',
  'EXPIRED',
  'PROPOSAL_NOT_FOUND',
  'ERASED',
  'INTEGRITY',
])
