import { describe, expect, it } from 'vitest'
import { assertHoldsRole, assertMayDecide, assertSeparateDuties } from '../../../src/policy/decide.js'
import { assertStillApproved } from '../../../src/policy/still-approved.js'
import type { FrozenProposal } from '../../../src/protocol/proposal.js'
import type { Decision, ProposalState } from '../../../src/protocol/state.js'
import { sampleProposal } from '../../../src/testing/ledger-samples.js'

const finance = ['finance']

function frozen(approval: Partial<FrozenProposal['approval']> = {}, context: object = {}): FrozenProposal {
  const sample = sampleProposal({ number: 1 }).frozen
  return { ...sample, approval: { ...sample.approval, ...approval }, context: { ...sample.context, ...context } }
}

function decided(approver: string, decision: Decision['decision'] = 'approved'): Decision {
  return { approver, roles: finance, decision, decided_at: '2026-01-01T00:00:00.000Z', entry_hash: 'sha256:0' }
}

const code = (expected: string) => expect.objectContaining({ code: expected })

describe('who may decide', () => {
  it('is another person, with the role, once', () => {
    expect(() => assertMayDecide(frozen(), { id: 'dana', roles: finance }, [])).not.toThrow()
  })

  it.each(['support_agent_17', 'Support_Agent_17', ' support_agent_17 '])('is not who asked, as %j', (id) => {
    expect(() => assertMayDecide(frozen(), { id, roles: finance }, [])).toThrow(code('SELF_APPROVAL'))
  })

  it('is not whom it was asked for', () => {
    const proposal = frozen({}, { on_behalf_of: 'dana' })
    expect(() => assertMayDecide(proposal, { id: 'DANA', roles: finance }, [])).toThrow(code('SELF_APPROVAL'))
    expect(() => assertMayDecide(proposal, { id: 'erin', roles: finance }, [])).not.toThrow()
  })

  it('may be who asked where the contract does not separate duties', () => {
    const proposal = frozen({ separation_of_duties: false }, { on_behalf_of: 'dana' })
    for (const id of ['support_agent_17', 'dana']) {
      expect(() => assertSeparateDuties(proposal, { id, roles: [] })).not.toThrow()
    }
  })

  it.each([[[]], [['Finance']], [['financ']], [['support', 'lead']]])('holds the role, not %j', (roles) => {
    expect(() => assertMayDecide(frozen(), { id: 'dana', roles }, [])).toThrow(code('ROLE_REQUIRED'))
  })

  it('needs no role where none is required', () => {
    expect(() => assertHoldsRole(frozen({ required_role: null }), { id: 'dana', roles: [] })).not.toThrow()
  })

  it.each(['dana', 'Dana ', 'ＤＡＮＡ'])('has not decided before, as %j', (id) => {
    expect(() => assertMayDecide(frozen(), { id, roles: finance }, [decided('dana')])).toThrow(code('ALREADY_DECIDED'))
    expect(() => assertMayDecide(frozen(), { id: 'erin', roles: finance }, [decided('dana')])).not.toThrow()
  })
})

describe('an approval, when it is applied', () => {
  const state = (approval: Partial<FrozenProposal['approval']> = {}): ProposalState => ({
    frozen: frozen(approval),
    hash: 'sha256:0',
    status: 'approved',
    decisions: [],
    attempts: 0,
    open_attempts: [],
    unsettled: false,
    receipt_places: [],
  })
  const dana = { id: 'dana', roles: finance }
  const erin = { id: 'erin', roles: finance }

  it('stands while enough people who may give it give it', () => {
    expect(() => assertStillApproved(state(), [dana])).not.toThrow()
    expect(() => assertStillApproved(state({ required_approvals: 2 }), [dana, erin])).not.toThrow()
  })

  it('falls with too few people', () => {
    expect(() => assertStillApproved(state(), [])).toThrow(code('NOT_APPROVED'))
    expect(() => assertStillApproved(state({ required_approvals: 2 }), [dana])).toThrow(code('NOT_APPROVED'))
  })

  it('counts people and not spellings', () => {
    const again = { id: 'Dana ', roles: finance }
    expect(() => assertStillApproved(state({ required_approvals: 2 }), [dana, again])).toThrow(code('NOT_APPROVED'))
  })

  it('falls when one of them has lost the role', () => {
    const lost = { id: 'erin', roles: [] }
    expect(() => assertStillApproved(state(), [dana, lost])).toThrow(code('ROLE_REQUIRED'))
  })

  it('falls when one of them turns out to be who asked', () => {
    const self = { id: 'SUPPORT_AGENT_17', roles: finance }
    expect(() => assertStillApproved(state(), [dana, self])).toThrow(code('SELF_APPROVAL'))
  })
})
