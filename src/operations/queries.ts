import { RunnerError } from '../errors.js'
import type {
  AuditRecord,
  EntryFilter,
  EvidenceFilter,
  Page,
  PageRequest,
  ProposalFilter,
  ProposalRow,
  ReceiptFilter,
  RefusalCount,
} from '../ledger/ledger.js'
import { statusAt } from '../policy/expiry.js'
import type { StoredEntry } from '../protocol/entry.js'
import { type Evidence, evidenceDigest } from '../protocol/evidence.js'
import type { Receipt } from '../protocol/receipt.js'
import { loadProposal } from './load-proposal.js'
import type { Ports } from './ports.js'
import { type Proposal, toProposal } from './proposal.js'

/** Looks records up in the ledger. */
export interface Query<Item, Filter, Summary = Item> {
  /**
   * Gives one record.
   *
   * @throws RunnerError `PROPOSAL_NOT_FOUND`, `EVIDENCE_NOT_FOUND`, `RECEIPT_NOT_FOUND`, `RUN_NOT_FOUND` or
   * `ENTRY_NOT_FOUND`; `INTEGRITY` for a record that is not what was recorded.
   */
  get(id: string): Promise<Item>
  /**
   * Lists records, newest first: 1 to 200 on a page, 50 unless `limit` says otherwise. `cursor` takes the `next_cursor`
   * of the page before, which is null on the last one.
   *
   * @throws RunnerError `INVALID_ARGUMENT` for a cursor or limit that is none.
   */
  list(filter?: Filter): Promise<Page<Summary>>
}

/** A proposal in a list: enough to choose one, without its frozen content. */
export type ProposalSummary = Omit<ProposalRow, 'object_key' | 'identity'>

export function proposalQuery(ports: Ports): Query<Proposal, ProposalFilter, ProposalSummary> {
  return {
    get: async (id) => toProposal((await loadProposal(ports, id)).state, ports.clock.now()),
    list: async (filter = {}) => {
      const now = ports.clock.now()
      const page = await ports.ledger.listProposals(filter, now.toISOString())
      return { ...page, items: page.items.map((row) => summarize(row, now)) }
    },
  }
}

function summarize({ object_key: _, identity: __, ...row }: ProposalRow, now: Date): ProposalSummary {
  return { ...row, status: statusAt(row.status, row.expires_at, now) }
}

export function evidenceQuery(ports: Ports): Query<Evidence, EvidenceFilter> {
  return {
    get: async (id) => {
      const found = await ports.ledger.findEvidence(id)
      if (found === undefined) throw new RunnerError('EVIDENCE_NOT_FOUND', 'There is no such evidence bundle here.')
      if (evidenceDigest(found.evidence) === found.digest) return found.evidence
      throw new RunnerError('INTEGRITY', 'The evidence was changed after it was written.')
    },
    list: async (filter = {}) => {
      const page = await ports.ledger.listEvidence(filter)
      return { ...page, items: page.items.map((record) => record.evidence) }
    },
  }
}

export function auditQuery(ports: Ports): Pick<Query<AuditRecord, EvidenceFilter>, 'list'> {
  return { list: (filter = {}) => ports.ledger.listAudit(filter) }
}

export function refusalQuery(ports: Ports): Pick<Query<RefusalCount, PageRequest>, 'list'> {
  return {
    list: async (filter = {}) => {
      await ports.refusals.flush()
      return ports.ledger.listRefusals(filter)
    },
  }
}

export function receiptQuery(ports: Ports): Query<Receipt, ReceiptFilter> {
  return {
    get: async (id) => {
      const found = await ports.ledger.findReceipt(id)
      if (found === undefined) throw new RunnerError('RECEIPT_NOT_FOUND', 'There is no such receipt here.')
      return found
    },
    list: (filter = {}) => ports.ledger.listReceipts(filter),
  }
}

export function entryQuery(ports: Ports): Query<StoredEntry, EntryFilter> {
  return {
    get: async (id) => {
      const found = /^[1-9]\d{0,15}$/.test(id) ? await ports.ledger.findEntry(Number(id)) : undefined
      if (found === undefined) throw new RunnerError('ENTRY_NOT_FOUND', 'There is no such ledger entry here.')
      return found
    },
    list: (filter = {}) => ports.ledger.listEntries(filter),
  }
}
