import { describe, expect, it } from 'vitest'
import {
  entryProblem,
  GENESIS,
  type NewEntry,
  PROPOSAL_ENTRIES,
  type ProposalEntryType,
  type StoredEntry,
  sealEntry,
} from '../../../src/protocol/entry.js'
import { proposalHash } from '../../../src/protocol/proposal.js'
import { sealReceipt } from '../../../src/protocol/receipt.js'
import { extendState, foldProposal, type ProposalState } from '../../../src/protocol/state.js'
import { isActive, isTerminal, nextStep, PROPOSAL_STATUSES, type ProposalStatus } from '../../../src/protocol/status.js'
import {
  sampleApproval,
  sampleProposal,
  sampleReceipt,
  sampleReceiptEntry,
  sampleStart,
} from '../../../src/testing/ledger-samples.js'

const proposal = sampleProposal({ number: 1 })
const { hash } = proposal
const subject = proposal.row.proposal_id
const at = '2026-01-02T03:04:05.678Z'
const approver = { id: 'dana', roles: ['finance'] }

/** One entry of each kind that can follow a creation. */
const ENTRIES: { readonly [T in Exclude<ProposalEntryType, 'proposal.created'>]: NewEntry } = {
  'proposal.approved': sampleApproval(proposal),
  'proposal.rejected': { type: 'proposal.rejected', subject, at, body: { hash, approver, reason: 'no' } },
  'information.requested': { type: 'information.requested', subject, at, body: { approver, question: 'Why?' } },
  'proposal.withdrawn': { type: 'proposal.withdrawn', subject, at, body: { by: 'support_agent_17' } },
  'proposal.superseded': { type: 'proposal.superseded', subject, at, body: { by: 'wrp_2', why: 'replaced' } },
  'proposal.expired': { type: 'proposal.expired', subject, at, body: { expired_at: at } },
  'proposal.revoked': { type: 'proposal.revoked', subject, at, body: { approver, reason: null } },
  'job.exported': { type: 'job.exported', subject, at, body: { writeback_job_id: 'wbj_1', job_digest: hash } },
  'apply.started': sampleStart(proposal),
  'apply.interrupted': { type: 'apply.interrupted', subject, at, body: { attempt: 1 } },
  'apply.released': { type: 'apply.released', subject, at, body: { attempt: 1, code: 'BUSY' } },
  'receipt.recorded': sampleReceiptEntry(proposal, 1),
}

function receiptOf(status: 'applied' | 'already_applied' | 'conflict' | 'failed'): NewEntry {
  const { receipt_hash: _, schema_version: __, ...body } = sampleReceipt(proposal, 1)
  return { type: 'receipt.recorded', subject, at, body: sealReceipt({ ...body, status }) }
}

/** A shortest way to each status. */
const approved = [ENTRIES['proposal.approved']]
const applying = [...approved, ENTRIES['apply.started']]
const WAYS: Readonly<Record<ProposalStatus, readonly NewEntry[]>> = {
  pending_review: [],
  approved,
  applying,
  applied: [...applying, receiptOf('applied')],
  conflict: [...applying, receiptOf('conflict')],
  failed: [...applying, receiptOf('failed')],
  outcome_unknown: [...applying, ENTRIES['apply.interrupted']],
  rejected: [ENTRIES['proposal.rejected']],
  expired: [ENTRIES['proposal.expired']],
  revoked: [...approved, ENTRIES['proposal.revoked']],
  superseded: [ENTRIES['proposal.superseded']],
  canceled: [ENTRIES['proposal.withdrawn']],
  shadow: [],
}

/** Everything that may happen, from where to where. What is not listed never happens. */
const LEGAL: Readonly<Record<ProposalStatus, Readonly<Partial<Record<ProposalEntryType, ProposalStatus>>>>> = {
  pending_review: {
    'proposal.approved': 'approved',
    'proposal.rejected': 'rejected',
    'information.requested': 'pending_review',
    'proposal.withdrawn': 'canceled',
    'proposal.superseded': 'superseded',
    'proposal.expired': 'expired',
  },
  approved: {
    'proposal.superseded': 'superseded',
    'proposal.expired': 'expired',
    'proposal.revoked': 'revoked',
    'job.exported': 'approved',
    'apply.started': 'applying',
    'receipt.recorded': 'applied',
  },
  applying: {
    'proposal.revoked': 'revoked',
    'job.exported': 'applying',
    'apply.started': 'applying',
    'apply.interrupted': 'outcome_unknown',
    'apply.released': 'approved',
    'receipt.recorded': 'applied',
  },
  outcome_unknown: {
    'proposal.revoked': 'revoked',
    'job.exported': 'outcome_unknown',
    'apply.started': 'applying',
    'apply.interrupted': 'outcome_unknown',
    'apply.released': 'outcome_unknown',
    'receipt.recorded': 'applied',
  },
  // Only the truth of the source comes after an end that the ledger had recorded without it.
  expired: { 'receipt.recorded': 'applied' },
  superseded: { 'receipt.recorded': 'applied' },
  applied: {},
  conflict: {},
  failed: {},
  rejected: {},
  revoked: {},
  canceled: {},
  shadow: {},
}

function seal(entries: readonly NewEntry[]): StoredEntry[] {
  const sealed: StoredEntry[] = []
  for (const entry of entries) {
    sealed.push(sealEntry(entry, sealed.length + 1, sealed.at(-1)?.hash ?? GENESIS, `salt ${sealed.length}`))
  }
  return sealed
}

function created(mode: 'review' | 'shadow' = 'review', approvals = 1): NewEntry {
  const frozen = {
    ...proposal.frozen,
    mode,
    approval: { ...proposal.frozen.approval, required_approvals: approvals },
  }
  return { type: 'proposal.created', subject, at, body: { proposal: frozen, hash: proposalHash(frozen) } }
}

function story(...entries: readonly NewEntry[]): ProposalState {
  return foldProposal(seal([created(), ...entries]))
}

function stateOf(status: ProposalStatus): ProposalState {
  return status === 'shadow' ? foldProposal(seal([created('shadow')])) : story(...WAYS[status])
}

const INTEGRITY = expect.objectContaining({ code: 'INTEGRITY' })

describe('the state machine of a proposal', () => {
  it.each(PROPOSAL_STATUSES)('reaches %s', (status) => {
    expect(stateOf(status).status).toBe(status)
  })

  const cases = PROPOSAL_STATUSES.flatMap((status) =>
    (Object.keys(ENTRIES) as (keyof typeof ENTRIES)[]).map((type) => ({ status, type, to: LEGAL[status][type] })),
  )

  it.each(cases.filter(({ to }) => to !== undefined))('goes from $status by $type to $to', ({ status, type, to }) => {
    const state = stateOf(status)
    const next = extendState(state, sealEntry(ENTRIES[type], 9, GENESIS, 'salt'))
    expect(next.status).toBe(to)
    expect(next.frozen).toBe(state.frozen)
    expect(next.hash).toBe(state.hash)
  })

  it.each(cases.filter(({ to }) => to === undefined))('refuses $type after $status', ({ status, type }) => {
    expect(() => extendState(stateOf(status), sealEntry(ENTRIES[type], 9, GENESIS, 'salt'))).toThrow(INTEGRITY)
  })

  it('knows every kind of entry', () => {
    expect(Object.keys(ENTRIES).toSorted()).toEqual(
      Object.keys(PROPOSAL_ENTRIES)
        .filter((type) => type !== 'proposal.created')
        .toSorted(),
    )
  })

  it('never begins again', () => {
    expect(() => story(created())).toThrow(INTEGRITY)
  })
})

describe('the story of a proposal', () => {
  it('begins with its creation', () => {
    expect(() => foldProposal([])).toThrow(INTEGRITY)
    expect(() => foldProposal(seal(approved))).toThrow(INTEGRITY)
  })

  it('is about one proposal', () => {
    expect(() => story({ ...sampleApproval(proposal), subject: 'wrp_other' })).toThrow(INTEGRITY)
    expect(() => foldProposal(seal([{ ...created(), subject: 'wrp_other' }]))).toThrow(INTEGRITY)
  })

  it('is about one content', () => {
    const edited = { ...proposal.frozen, patch: { late_fee_cents: 1 } }
    const entry: NewEntry = { type: 'proposal.created', subject, at, body: { proposal: edited, hash } }
    expect(() => foldProposal(seal([entry]))).toThrow(INTEGRITY)
  })

  it('has approvals of that content only', () => {
    const other: NewEntry = {
      type: 'proposal.approved',
      subject,
      at,
      body: { hash: `sha256:${'0'.repeat(64)}`, approver, reason: null, signature: null },
    }
    expect(() => story(other)).toThrow(INTEGRITY)
  })

  it('has a receipt of that content only', () => {
    const { receipt_hash: _, schema_version: __, ...body } = sampleReceipt(proposal, 1)
    const other = sealReceipt({ ...body, proposal_hash: `sha256:${'0'.repeat(64)}` })
    expect(() => story(...applying, { type: 'receipt.recorded', subject, at, body: other })).toThrow(INTEGRITY)
  })

  it('cannot be told without its contents', () => {
    const [first, second] = seal([created(), ...approved])
    if (first === undefined || second === undefined) throw new Error('Two entries were sealed.')
    expect(() => foldProposal([first, { ...second, body: null }])).toThrow(INTEGRITY)
    expect(() => foldProposal([first, { ...second, body: '{' }])).toThrow(INTEGRITY)
    expect(() => foldProposal([first, { ...second, body: '{"hash":1}' }])).toThrow(INTEGRITY)
    expect(() => foldProposal([first, { ...second, type: 'proposal.blessed' }])).toThrow(INTEGRITY)
    expect(() => foldProposal([first, { ...second, type: 'constructor' }])).toThrow(INTEGRITY)
  })

  it('keeps who decided, how, and by which entry', () => {
    const entries = seal([created(), ...approved])
    expect(foldProposal(entries).decisions).toEqual([
      {
        approver: 'dana',
        roles: ['finance'],
        decision: 'approved',
        reason: 'agreed',
        decided_at: at,
        entry_hash: entries[1]?.hash,
      },
    ])
  })

  it('needs as many people as the proposal says, each counted once', () => {
    const quorum = created('review', 2)
    const ofQuorum = (id: string): NewEntry => ({
      type: 'proposal.approved',
      subject,
      at,
      body: {
        hash: quorum.type === 'proposal.created' ? quorum.body.hash : hash,
        approver: { id, roles: ['finance'] },
        reason: null,
        signature: null,
      },
    })
    const statusAfter = (...ids: readonly string[]) => foldProposal(seal([quorum, ...ids.map(ofQuorum)])).status
    expect(statusAfter('dana')).toBe('pending_review')
    expect(statusAfter('dana', 'dana')).toBe('pending_review')
    expect(statusAfter('dana', 'Dana ')).toBe('pending_review')
    expect(statusAfter('dana', 'erin')).toBe('approved')
  })

  it('keeps a question until the proposal is over', () => {
    expect(story(ENTRIES['information.requested'])).toMatchObject({ status: 'pending_review', question: 'Why?' })
    expect(story(ENTRIES['information.requested'], ENTRIES['proposal.superseded']).status).toBe('superseded')
  })

  it('goes on applying while one of two attempts is open', () => {
    const second: NewEntry = { type: 'apply.started', subject, at, body: { attempt: 2 } }
    const both = story(...applying, second)
    expect(both).toMatchObject({ status: 'applying', attempts: 2, open_attempts: [1, 2] })
    const [released, again] = [1, 2].map(
      (attempt): NewEntry => ({ type: 'apply.released', subject, at, body: { attempt, code: 'BUSY' } }),
    )
    if (released === undefined || again === undefined) throw new Error('Two entries were made.')
    expect(story(...applying, second, released)).toMatchObject({ status: 'applying', open_attempts: [2] })
    expect(story(...applying, second, released, again)).toMatchObject({ status: 'approved', open_attempts: [] })
  })

  it('stays unknown, whatever later attempts did not do', () => {
    const second: NewEntry = { type: 'apply.started', subject, at, body: { attempt: 2 } }
    const released: NewEntry = { type: 'apply.released', subject, at, body: { attempt: 2, code: 'BUSY' } }
    expect(story(...WAYS.outcome_unknown, second, released)).toMatchObject({
      status: 'outcome_unknown',
      unsettled: true,
    })
  })

  it('ends as applied where an earlier attempt turns out to have been', () => {
    expect(story(...applying, receiptOf('already_applied')).status).toBe('applied')
  })
})

describe('an entry', () => {
  const [sealed] = seal([created()])

  it('carries its own hash over every field of the chain', () => {
    if (sealed === undefined) throw new Error('One entry was sealed.')
    expect(entryProblem(sealed)).toBeUndefined()
    for (const key of ['type', 'subject', 'at', 'commitment', 'prev', 'hash'] as const) {
      expect(entryProblem({ ...sealed, [key]: 'edited' })).toBe('hash')
    }
    expect(entryProblem({ ...sealed, seq: 2 })).toBe('hash')
  })

  it('commits to its content, which may be erased but not changed', () => {
    if (sealed === undefined) throw new Error('One entry was sealed.')
    expect(entryProblem({ ...sealed, body: `${sealed.body} ` })).toBe('payload')
    expect(entryProblem({ ...sealed, salt: 'another' })).toBe('payload')
    expect(entryProblem({ ...sealed, body: null, salt: null })).toBeUndefined()
  })

  it('of equal content has another commitment under another salt', () => {
    const commitments = ['a', 'b'].map((salt) => sealEntry(created(), 1, GENESIS, salt).commitment)
    expect(new Set(commitments).size).toBe(2)
  })

  it('is linked to the one before it', () => {
    expect(sealEntry(created(), 1, GENESIS, 's').hash).not.toBe(sealEntry(created(), 1, `${GENESIS}0`, 's').hash)
  })
})

describe('a status', () => {
  const active = ['pending_review', 'approved', 'applying', 'outcome_unknown']

  it.each(PROPOSAL_STATUSES)('%s is active or final, never both', (status) => {
    expect(isActive(status)).toBe(active.includes(status))
    expect(isTerminal(status)).toBe(!active.includes(status))
  })

  it.each(PROPOSAL_STATUSES)('%s says in a sentence what comes next', (status) => {
    const { next, next_allowed_actions, awaiting } = nextStep(status)
    expect(next).toMatch(/^[A-Z].*\.$/)
    if (isActive(status)) expect(awaiting).not.toBeNull()
    else expect(next_allowed_actions.every((action) => action === 'propose_again')).toBe(true)
  })

  it('waits for whoever was asked', () => {
    expect(nextStep('pending_review', true)).toMatchObject({ awaiting: 'caller' })
    expect(nextStep('pending_review').awaiting).toBe('reviewer')
    expect(nextStep('approved', true)).toEqual(nextStep('approved'))
  })
})
