import { describe, expect, it } from 'vitest'
import { validateConfig } from '../../../src/contract/validate.js'
import { changedDesk, refundDesk } from './fixtures/refund-desk.js'
import { found } from './parcel-desk.js'

const TICKET = 'capabilities/0'
const REFUND = 'capabilities/2'
const CLOSE = 'capabilities/3'
const FLOW = 'workflows/0'
const STEPS = `${FLOW}/steps`
const EXPOSE = 'adapters/desk/expose'

/** Places of the steps in the contract. */
const AT = {
  ticket: `${STEPS}/0`,
  policies: `${STEPS}/1`,
  asked: `${STEPS}/2`,
  refund: `${STEPS}/3`,
  refundDecision: `${STEPS}/4`,
  refundApplied: `${STEPS}/5`,
  paid: `${STEPS}/6`,
  settled: `${STEPS}/7`,
  close: `${STEPS}/8`,
  closeDecision: `${STEPS}/9`,
  closeApplied: `${STEPS}/10`,
  bell: `${STEPS}/11`,
  next: `${STEPS}/12`,
} as const

const URGENT = { from_input: 'urgent', equals: true }
const SETTLED = { from_step: 'settled', field: 'holds', equals: true }

type Rule = readonly [sentence: string, changes: Record<string, unknown>, problems: readonly string[]]

const another = (changes: Record<string, unknown>) => ({
  name: 'support.other',
  version: '1',
  allowed_capabilities: ['support.list_policies'],
  ...changes,
})

const NAMES: readonly Rule[] = [
  [
    'a workflow name that is taken',
    { 'workflows/1': another({ name: 'support.refund_ticket' }) },
    ['DUPLICATE_NAME /workflows/1/name'],
  ],
  [
    'a wire name that another workflow has',
    { 'workflows/1': another({ name: 'support.a.b' }), 'workflows/2': another({ name: 'support.a__b' }) },
    ['DUPLICATE_NAME /workflows/2/name'],
  ],
  [
    'the name of a capability',
    { 'workflows/1': another({ name: 'support.list_policies' }) },
    ['DUPLICATE_NAME /workflows/1/name'],
  ],
  [
    'the wire name of a capability',
    {
      'workflows/1': another({ name: 'support.propose__close' }),
      [`${CLOSE}/name`]: 'support.propose.close',
      [`${FLOW}/allowed_capabilities/3`]: 'support.propose.close',
      [`${AT.close}/capability`]: 'support.propose.close',
      [`${EXPOSE}/1/capability`]: 'support.propose.close',
    },
    ['DUPLICATE_NAME /workflows/1/name'],
  ],
]

const ALLOWED: readonly Rule[] = [
  [
    'a capability that is not there',
    { [`${FLOW}/allowed_capabilities/4`]: 'support.inspect_tiket' },
    [`UNKNOWN_REFERENCE /${FLOW}/allowed_capabilities/4`],
  ],
  [
    'a capability that is allowed twice',
    { [`${FLOW}/allowed_capabilities/4`]: 'support.list_policies' },
    [`DUPLICATE_NAME /${FLOW}/allowed_capabilities/4`],
  ],
  [
    'capabilities of two contexts',
    { [`${CLOSE}/context`]: 'counter' },
    [`INVALID_VALUE /${FLOW}/allowed_capabilities/3`],
  ],
  [
    'a demand on the session that is made twice',
    { [`${FLOW}/session_require/2`]: 'principal' },
    [`DUPLICATE_NAME /${FLOW}/session_require/2`],
  ],
]

const INPUT: readonly Rule[] = [
  [
    'a length of a number',
    { [`${FLOW}/input/refund_cents/max_length`]: 3 },
    [`INVALID_VALUE /${FLOW}/input/refund_cents/max_length`],
  ],
  [
    'a range that nothing fits',
    { [`${FLOW}/input/refund_cents/minimum`]: 50001 },
    [`EMPTY_RANGE /${FLOW}/input/refund_cents/minimum`],
  ],
  [
    'an enumeration of another type',
    { [`${FLOW}/input/ticket_id/enum`]: ['T-1', 2] },
    [`INVALID_TYPE /${FLOW}/input/ticket_id/enum/1`],
  ],
  [
    'a pattern that may take too long',
    { [`${FLOW}/input/ticket_id/pattern`]: '^(a+)+$' },
    [`UNSAFE_PATTERN /${FLOW}/input/ticket_id/pattern`],
  ],
  ['a reserved input', { [`${FLOW}/input/run_id`]: { type: 'string' } }, [`REFUSED_ARGUMENT /${FLOW}/input/run_id`]],
  [
    'a reserved input in other spelling',
    { [`${FLOW}/input/Information`]: { type: 'string' } },
    [`REFUSED_ARGUMENT /${FLOW}/input/Information`],
  ],
  ['a trusted input', { [`${FLOW}/input/tenantId`]: { type: 'string' } }, [`REFUSED_ARGUMENT /${FLOW}/input/tenantId`]],
  [
    'a trusted name in what a step waits for',
    { [`${AT.paid}/input/expected_version`]: { type: 'string' } },
    [`REFUSED_ARGUMENT /${AT.paid}/input/expected_version`],
  ],
  [
    'a rule of another type in what a step waits for',
    { [`${AT.paid}/input/settled/minimum`]: 1 },
    [`INVALID_VALUE /${AT.paid}/input/settled/minimum`],
  ],
]

const SHAPE: readonly Rule[] = [
  ['a credential as a key', { [`${AT.bell}/key`]: `AKIA${'A'.repeat(16)}` }, [`INLINE_CREDENTIAL /${AT.bell}/key`]],
  ['a key that is taken', { [`${AT.bell}/key`]: 'ticket' }, [`DUPLICATE_NAME /${AT.bell}/key`]],
  ['a step that does nothing', { [AT.next]: { key: 'last' } }, [`MISSING_KEY /${AT.next}/capability`]],
  ['a step that does two things', { [`${AT.policies}/apply`]: 'refund' }, [`INVALID_VALUE /${AT.policies}/apply`]],
  [
    'a step that does three things',
    { [`${AT.policies}/apply`]: 'refund', [`${AT.policies}/await`]: 'external' },
    [`INVALID_VALUE /${AT.policies}/await`, `INVALID_VALUE /${AT.policies}/apply`],
  ],
  ['what is waited for, misspelled, once', { [`${AT.bell}/await`]: 'event' }, [`INVALID_VALUE /${AT.bell}/await`]],
  ['arguments of a wait', { [`${AT.bell}/args`]: {} }, [`INVALID_VALUE /${AT.bell}/args`]],
  ['arguments of an apply', { [`${AT.refundApplied}/args`]: {} }, [`INVALID_VALUE /${AT.refundApplied}/args`]],
  ['arguments of a gate', { [`${AT.settled}/args`]: {} }, [`INVALID_VALUE /${AT.settled}/args`]],
  ['approval of nothing', { [`${AT.closeDecision}/of`]: undefined }, [`MISSING_KEY /${AT.closeDecision}/of`]],
  ['a decided step beside a call', { [`${AT.policies}/of`]: 'ticket' }, [`INVALID_VALUE /${AT.policies}/of`]],
  ['a decided step beside another wait', { [`${AT.paid}/of`]: 'refund' }, [`INVALID_VALUE /${AT.paid}/of`]],
  ['information without a question', { [`${AT.asked}/question`]: undefined }, [`MISSING_KEY /${AT.asked}/question`]],
  ['a question to nobody', { [`${AT.paid}/question`]: 'Paid?' }, [`INVALID_VALUE /${AT.paid}/question`]],
  ['information without an answer', { [`${AT.asked}/input`]: undefined }, [`MISSING_KEY /${AT.asked}/input`]],
  ['an answer without values', { [`${AT.bell}/input`]: {} }, [`INVALID_VALUE /${AT.bell}/input`]],
  [
    'an answer to an approval',
    { [`${AT.refundDecision}/input`]: { note: { type: 'string' } } },
    [`INVALID_VALUE /${AT.refundDecision}/input`],
  ],
  [
    'an answer to a call',
    { [`${AT.policies}/input`]: { note: { type: 'string' } } },
    [`INVALID_VALUE /${AT.policies}/input`],
  ],
]

const CALLS: readonly Rule[] = [
  [
    'a call of what is not there',
    { [`${AT.policies}/capability`]: 'support.list_polices' },
    [`UNKNOWN_REFERENCE /${AT.policies}/capability`],
  ],
  [
    'a call of what is not allowed',
    { [`${FLOW}/allowed_capabilities`]: ['support.inspect_ticket', 'support.propose_refund', 'support.propose_close'] },
    [`INVALID_VALUE /${AT.policies}/capability`],
  ],
  [
    'a capability that is allowed and not there, once',
    {
      [`${FLOW}/allowed_capabilities/4`]: 'support.count',
      [`${AT.policies}/capability`]: 'support.count',
    },
    [`UNKNOWN_REFERENCE /${FLOW}/allowed_capabilities/4`],
  ],
  ['no arguments where some are needed', { [`${AT.close}/args`]: undefined }, [`MISSING_KEY /${AT.close}/args`]],
  [
    'a required argument that is not given',
    { [`${AT.refund}/args/reason`]: undefined },
    [`MISSING_KEY /${AT.refund}/args/reason`],
  ],
  [
    'an argument that the capability has not',
    { [`${AT.refund}/args/lable`]: { fixed: 'x' } },
    [`UNKNOWN_REFERENCE /${AT.refund}/args/lable`],
  ],
  [
    'an argument named as a part of every object',
    { [`${AT.refund}/args/toString`]: { fixed: 'x' } },
    [`UNKNOWN_REFERENCE /${AT.refund}/args/toString`],
  ],
  [
    'a fixed value of another type',
    { [`${AT.refund}/args/refund_cents`]: { fixed: '12' } },
    [`INVALID_TYPE /${AT.refund}/args/refund_cents/fixed`],
  ],
  [
    'a fixed value outside the enumeration',
    { [`${AT.refund}/args/label/fixed`]: 'fraud' },
    [`INVALID_VALUE /${AT.refund}/args/label/fixed`],
  ],
  [
    'a fixed value outside the range',
    { [`${AT.refund}/args/refund_cents`]: { fixed: 0 } },
    [`INVALID_VALUE /${AT.refund}/args/refund_cents/fixed`],
  ],
  [
    'a value of two kinds, once',
    { [`${AT.refund}/args/label`]: { fixed: 'defect', from_input: 'ticket_id' } },
    [`UNKNOWN_KEY /${AT.refund}/args/label/fixed`],
  ],
]

const READS: readonly Rule[] = [
  [
    'an input that is not there',
    { [`${AT.ticket}/args/ticket_id/from_input`]: 'tiket_id' },
    [`UNKNOWN_REFERENCE /${AT.ticket}/args/ticket_id/from_input`],
  ],
  [
    'an input named as a part of every object',
    { [`${AT.ticket}/args/ticket_id/from_input`]: 'toString' },
    [`UNKNOWN_REFERENCE /${AT.ticket}/args/ticket_id/from_input`],
  ],
  [
    'an input of another type',
    { [`${AT.refund}/args/refund_cents/from_input`]: 'ticket_id' },
    [`INVALID_TYPE /${AT.refund}/args/refund_cents/from_input`],
  ],
  [
    'a field of another type',
    { [`${AT.refund}/args/reason`]: { from_step: 'policies', field: 'row_count' } },
    [`INVALID_TYPE /${AT.refund}/args/reason/field`],
  ],
  [
    'a step that is not there',
    { [`${AT.close}/args/ticket_id/from_step`]: 'tikcet' },
    [`UNKNOWN_REFERENCE /${AT.close}/args/ticket_id/from_step`],
  ],
  [
    'a step that reads itself',
    { [`${AT.close}/args/ticket_id`]: { from_step: 'close', field: 'status' } },
    [`INVALID_VALUE /${AT.close}/args/ticket_id/from_step`],
  ],
  [
    'a step that reads a later one',
    { [`${AT.ticket}/args/ticket_id`]: { from_step: 'refund', field: 'status' } },
    [`INVALID_VALUE /${AT.ticket}/args/ticket_id/from_step`],
  ],
  [
    'a column that the read does not show',
    { [`${AT.refund}/args/order_id/field`]: 'shop_id' },
    [`UNKNOWN_REFERENCE /${AT.refund}/args/order_id/field`],
  ],
  [
    'a column of a list',
    { [`${AT.refund}/args/reason`]: { from_step: 'policies', field: 'rule' } },
    [`UNKNOWN_REFERENCE /${AT.refund}/args/reason/field`],
  ],
  [
    'whether a single row was cut',
    { [`${AT.settled}/when`]: { from_step: 'ticket', field: 'truncated', equals: true } },
    [`UNKNOWN_REFERENCE /${AT.settled}/when/field`],
  ],
  [
    'a column of a proposal',
    { [`${AT.settled}/when`]: { from_step: 'refund', field: 'refund_cents', equals: 1 } },
    [`UNKNOWN_REFERENCE /${AT.settled}/when/field`],
  ],
  [
    'a receipt of a decision',
    { [`${AT.settled}/when`]: { from_step: 'refund_decision', field: 'receipt_id', equals: 'x' } },
    [`UNKNOWN_REFERENCE /${AT.settled}/when/field`],
  ],
  [
    'a proposal of an apply',
    { [`${AT.settled}/when`]: { from_step: 'refund_applied', field: 'proposal_id', equals: 'x' } },
    [`UNKNOWN_REFERENCE /${AT.settled}/when/field`],
  ],
  [
    'an answer that was not asked for',
    { [`${AT.settled}/when/field`]: 'setled' },
    [`UNKNOWN_REFERENCE /${AT.settled}/when/field`],
  ],
  [
    'an answer of an event that tells nothing',
    {
      [AT.next]: { key: 'heard', when: { from_step: 'bell', field: 'note', equals: 'x' } },
      [`${AT.bell}/when`]: undefined,
    },
    [`UNKNOWN_REFERENCE /${AT.next}/when/field`],
  ],
  [
    'the status of a gate',
    { [`${AT.bell}/when`]: { from_step: 'settled', field: 'status', equals: 'x' } },
    [`UNKNOWN_REFERENCE /${AT.bell}/when/field`],
  ],
]

const PROPOSALS: readonly Rule[] = [
  [
    'approval of a step that is not there',
    { [`${AT.refundDecision}/of`]: 'refnud' },
    [`UNKNOWN_REFERENCE /${AT.refundDecision}/of`],
  ],
  [
    'approval of itself',
    { [`${AT.refundDecision}/of`]: 'refund_decision' },
    [`INVALID_VALUE /${AT.refundDecision}/of`],
  ],
  ['approval of a later step', { [`${AT.refundDecision}/of`]: 'close' }, [`INVALID_VALUE /${AT.refundDecision}/of`]],
  ['approval of a read', { [`${AT.refundDecision}/of`]: 'ticket' }, [`INVALID_VALUE /${AT.refundDecision}/of`]],
  [
    'apply of a step that is not there',
    { [`${AT.refundApplied}/apply`]: 'toString' },
    [`UNKNOWN_REFERENCE /${AT.refundApplied}/apply`],
  ],
  [
    'apply of itself',
    { [`${AT.refundApplied}/apply`]: 'refund_applied' },
    [`INVALID_VALUE /${AT.refundApplied}/apply`],
  ],
  ['apply of a later step', { [`${AT.refundApplied}/apply`]: 'close' }, [`INVALID_VALUE /${AT.refundApplied}/apply`]],
  [
    'apply of a decision',
    { [`${AT.refundApplied}/apply`]: 'refund_decision' },
    [`INVALID_VALUE /${AT.refundApplied}/apply`],
  ],
  ['a second apply', { [AT.next]: { key: 'again', apply: 'refund' } }, [`INVALID_VALUE /${AT.next}/apply`]],
  [
    'a second approval',
    { [AT.next]: { key: 'again', await: 'approval', of: 'refund' } },
    [`INVALID_VALUE /${AT.next}/of`],
  ],
  [
    'an approval that does not know of the condition',
    { [`${AT.closeDecision}/when`]: undefined },
    [`INVALID_VALUE /${AT.closeDecision}/of`],
  ],
  [
    'an apply under another condition',
    { [`${AT.closeApplied}/when`]: URGENT },
    [`INVALID_VALUE /${AT.closeApplied}/apply`],
  ],
]

const CONDITIONS: readonly Rule[] = [
  ['a condition about nothing', { [`${AT.bell}/when`]: { equals: true } }, [`MISSING_KEY /${AT.bell}/when/from_input`]],
  [
    'a condition about two values',
    { [`${AT.bell}/when`]: { ...URGENT, ...SETTLED } },
    [`INVALID_VALUE /${AT.bell}/when/from_step`],
  ],
  [
    'a step without a field',
    { [`${AT.bell}/when/from_step`]: 'settled', [`${AT.bell}/when/from_input`]: undefined },
    [`MISSING_KEY /${AT.bell}/when/field`],
  ],
  [
    'a field without a step',
    { [`${AT.bell}/when/field`]: 'holds', [`${AT.bell}/when/from_input`]: undefined },
    [`MISSING_KEY /${AT.bell}/when/from_step`],
  ],
  ['a field of an input', { [`${AT.bell}/when/field`]: 'holds' }, [`INVALID_VALUE /${AT.bell}/when/field`]],
  ['no comparison', { [`${AT.bell}/when/equals`]: undefined }, [`MISSING_KEY /${AT.bell}/when/equals`]],
  ['two comparisons', { [`${AT.bell}/when/not_equals`]: false }, [`INVALID_VALUE /${AT.bell}/when/not_equals`]],
  [
    'a faulty comparison, once',
    { [`${AT.bell}/when`]: { from_input: 'refund_cents', at_least: 'much' } },
    [`INVALID_TYPE /${AT.bell}/when/at_least`],
  ],
  ['a faulty condition, once', { [`${AT.closeDecision}/when`]: 'settled' }, [`INVALID_TYPE /${AT.closeDecision}/when`]],
  [
    'an input that is not there',
    { [`${AT.bell}/when/from_input`]: 'toString' },
    [`UNKNOWN_REFERENCE /${AT.bell}/when/from_input`],
  ],
  [
    'a text that is at least a number',
    { [`${AT.bell}/when`]: { from_input: 'ticket_id', at_least: 3 } },
    [`INVALID_VALUE /${AT.bell}/when/at_least`],
  ],
  [
    'a boolean that is at most a number',
    { [`${AT.bell}/when`]: { from_input: 'urgent', at_most: 3 } },
    [`INVALID_VALUE /${AT.bell}/when/at_most`],
  ],
  [
    'a status that is at most a number',
    { [`${AT.bell}/when`]: { from_step: 'refund', field: 'status', at_most: 3 } },
    [`INVALID_VALUE /${AT.bell}/when/at_most`],
  ],
  [
    'a value of a step that may be left out',
    { [`${AT.ticket}/when`]: URGENT, [`${AT.policies}/when`]: undefined },
    [`INVALID_VALUE /${AT.refund}/args/order_id/from_step`, `INVALID_VALUE /${AT.close}/args/ticket_id/from_step`],
  ],
  [
    'a condition about a step that may be left out',
    { [AT.next]: { key: 'gone', when: { from_step: 'close', field: 'status', equals: 'applied' } } },
    [`INVALID_VALUE /${AT.next}/when/from_step`],
  ],
]

const APPROVALS: readonly Rule[] = [
  [
    'a risk that is spoken of twice',
    { [`${FLOW}/approvals/1`]: { on_risk: 'high', required_approvals: 1 } },
    [`DUPLICATE_NAME /${FLOW}/approvals/1/on_risk`],
  ],
  [
    'a risk that no capability has',
    { [`${FLOW}/approvals/0/on_risk`]: 'medium' },
    [`INVALID_VALUE /${FLOW}/approvals/0/on_risk`],
  ],
  [
    'a risk of a capability that is not allowed',
    {
      [`${FLOW}/allowed_capabilities`]: ['support.list_policies'],
      [`${FLOW}/steps`]: undefined,
    },
    [`INVALID_VALUE /${FLOW}/approvals/0/on_risk`],
  ],
]

const EVIDENCE: readonly Rule[] = [
  [
    'a proposal without a read before it',
    {
      [STEPS]: [
        {
          key: 'close',
          capability: 'support.propose_close',
          args: { ticket_id: { from_input: 'ticket_id' } },
        },
        { key: 'ticket', capability: 'support.inspect_ticket', args: { ticket_id: { from_input: 'ticket_id' } } },
      ],
    },
    [`INVALID_VALUE /${STEPS}/0/capability`],
  ],
  [
    'a proposal whose reads may be left out',
    {
      [STEPS]: [
        {
          key: 'ticket',
          capability: 'support.inspect_ticket',
          args: { ticket_id: { from_input: 'ticket_id' } },
          when: URGENT,
        },
        {
          key: 'close',
          capability: 'support.propose_close',
          args: { ticket_id: { from_input: 'ticket_id' } },
        },
      ],
    },
    [`INVALID_VALUE /${STEPS}/1/capability`],
  ],
]

const ADAPTERS: readonly Rule[] = [
  ['a tool of nothing', { [`${EXPOSE}/4`]: { as: 'nothing' } }, [`MISSING_KEY /${EXPOSE}/4/capability`]],
  [
    'a tool of two things',
    { [`${EXPOSE}/4`]: { capability: 'support.list_policies', workflow: 'support.refund_ticket' } },
    [`INVALID_VALUE /${EXPOSE}/4/workflow`],
  ],
  [
    'a workflow that is not there',
    { [`${EXPOSE}/2/workflow`]: 'support.refund_tikcet' },
    [`UNKNOWN_REFERENCE /${EXPOSE}/2/workflow`],
  ],
  [
    'a capability in the place of a workflow',
    { [`${EXPOSE}/2/workflow`]: 'support.list_policies' },
    [`UNKNOWN_REFERENCE /${EXPOSE}/2/workflow`],
  ],
  [
    'a workflow in the place of a capability',
    { [`${EXPOSE}/0/capability`]: 'support.refund_ticket' },
    [`UNKNOWN_REFERENCE /${EXPOSE}/0/capability`],
  ],
  ['a misspelled workflow name, once', { [`${EXPOSE}/2/workflow`]: 'refund' }, [`INVALID_VALUE /${EXPOSE}/2/workflow`]],
  ['a mode of a workflow', { [`${EXPOSE}/2/mode`]: 'propose_only' }, [`INVALID_VALUE /${EXPOSE}/2/mode`]],
  ['a read that proposes', { [`${EXPOSE}/0/mode`]: 'propose_only' }, [`INVALID_VALUE /${EXPOSE}/0/mode`]],
  [
    'a workflow under the name of a capability',
    { [`${EXPOSE}/3/as`]: 'support.inspect_ticket' },
    [`DUPLICATE_NAME /${EXPOSE}/3/as`],
  ],
  [
    'a capability under the wire name of a workflow',
    { [`${EXPOSE}/4`]: { capability: 'support.list_policies', as: 'support__refund_ticket' } },
    [`DUPLICATE_NAME /${EXPOSE}/4/as`],
  ],
  [
    'a workflow shown twice under one name',
    { [`${EXPOSE}/3/as`]: undefined },
    [`DUPLICATE_NAME /${EXPOSE}/3/workflow`],
  ],
]

const WARNINGS: readonly Rule[] = [
  [
    'an input that no step reads',
    { [`${FLOW}/input/note`]: { type: 'string' } },
    [`UNUSED_ARGUMENT /${FLOW}/input/note`],
  ],
  [
    'a role that nobody holds',
    { [`${FLOW}/approvals/0/required_role`]: 'director', 'capabilities/2/approval': {} },
    [`APPROVAL_UNREACHABLE /${FLOW}/approvals/0/required_role`],
  ],
  [
    'more approvals than people with the role',
    { [`${FLOW}/approvals/0/required_approvals`]: 3 },
    [`APPROVAL_UNREACHABLE /${FLOW}/approvals/0/required_role`],
  ],
  [
    'more approvals than people',
    { [`${FLOW}/approvals/0`]: { on_risk: 'high', required_approvals: 3 } },
    [`APPROVAL_UNREACHABLE /${FLOW}/approvals/0/required_approvals`],
  ],
]

const FINE: readonly (readonly [sentence: string, changes: Record<string, unknown>])[] = [
  ['a workflow without steps, whose inputs the app reads', { [STEPS]: undefined }],
  ['proposals of a workflow that is shown in a read-only contract', { mode: 'read_only' }],
  ['a risk that is asked about where it is allowed', { [`${FLOW}/approvals/0/on_risk`]: 'low' }],
  ['no operators, so that roles come from the host', { operators: undefined }],
  ['a capability without arguments, called with none', { [`${AT.policies}/args`]: {} }],
  ['an optional argument that is left out', { [`${AT.refund}/args/label`]: undefined }],
  ['an integer for a number', { [`${REFUND}/args/refund_cents/type`]: 'number' }],
  [
    'one context that all capabilities name',
    Object.fromEntries([0, 1, 2, 3].map((index) => [`capabilities/${index}/context`, 'counter'])),
  ],
  ['a condition on a number', { [`${AT.settled}/when`]: { from_input: 'refund_cents', at_least: 100 } }],
  [
    'a condition on how many rows there were',
    { [`${AT.settled}/when`]: { from_step: 'policies', field: 'row_count', at_most: 5 } },
  ],
  [
    'a condition on whether a list was cut',
    { [`${AT.settled}/when`]: { from_step: 'policies', field: 'truncated', equals: false } },
  ],
  [
    'a condition on a column of a single row',
    { [`${AT.settled}/when`]: { from_step: 'ticket', field: 'state', one_of: ['open', 'new'] } },
  ],
  [
    'a condition on a single row being there',
    { [`${AT.settled}/when`]: { from_step: 'ticket', field: 'row_count', equals: 1 } },
  ],
  [
    'a condition on a decision',
    { [`${AT.settled}/when`]: { from_step: 'refund_decision', field: 'status', equals: 'approved' } },
  ],
  [
    'a condition on a receipt',
    { [`${AT.settled}/when`]: { from_step: 'refund_applied', field: 'receipt_id', not_equals: null } },
  ],
  [
    'a read under the condition of the proposal that rests on it',
    {
      [STEPS]: [
        {
          key: 'ticket',
          capability: 'support.inspect_ticket',
          args: { ticket_id: { from_input: 'ticket_id' } },
          when: { from_input: 'refund_cents', at_least: 100 },
        },
        {
          key: 'close',
          capability: 'support.propose_close',
          args: { ticket_id: { from_step: 'ticket', field: 'ticket_id' } },
          when: { at_least: 100, from_input: 'refund_cents' },
        },
        { key: 'bell', await: 'external', when: URGENT },
      ],
    },
  ],
]

const SENTENCES: readonly (readonly [path: string, changes: Record<string, unknown>, message: string])[] = [
  [
    'workflows/1/name',
    { 'workflows/1': another({ name: 'support.list_policies' }) },
    'Give this workflow another name: `support.list_policies` is taken.',
  ],
  [
    'workflows/1/name',
    {
      'workflows/1': another({ name: 'support__list_policies.x' }),
      'workflows/2': another({ name: 'other.y' }),
      [`${FLOW}/name`]: 'support.list_policies.x',
      [`${EXPOSE}/2/workflow`]: 'other.y',
      [`${EXPOSE}/3/workflow`]: 'other.y',
    },
    'Give this workflow another name: `support.list_policies.x` becomes `support__list_policies__x` too where dots are not allowed.',
  ],
  [
    `${FLOW}/allowed_capabilities/4`,
    { [`${FLOW}/allowed_capabilities/4`]: 'support.inspect_tiket' },
    'Allow a capability of the contract. Did you mean `support.inspect_ticket`?',
  ],
  [
    `${FLOW}/allowed_capabilities/3`,
    { [`${CLOSE}/context`]: 'counter' },
    'Allow capabilities of one `context`: a run has one, and this is not that of `support.inspect_ticket`.',
  ],
  [
    `${FLOW}/input/run_id`,
    { [`${FLOW}/input/run_id`]: { type: 'string' } },
    'Rename the input `run_id`: the tool of a workflow takes this beside its inputs.',
  ],
  [
    `${AT.next}/capability`,
    { [AT.next]: { key: 'last' } },
    'Add `capability`, `await` or `apply`; or `when` alone, to record whether something holds.',
  ],
  [`${AT.paid}/of`, { [`${AT.paid}/of`]: 'refund' }, 'Remove `of`: it belongs to `await: approval`.'],
  [`${AT.close}/args`, { [`${AT.close}/args`]: undefined }, 'Add `args`: `support.propose_close` needs `ticket_id`.'],
  [
    `${AT.refund}/args/lable`,
    { [`${AT.refund}/args/lable`]: { fixed: 'x' } },
    'Remove `lable`: `support.propose_refund` has no such argument. Did you mean `label`?',
  ],
  [
    `${AT.refund}/args/order_id/field`,
    { [`${AT.refund}/args/order_id/field`]: 'oder_id' },
    'Name what `ticket` gives: `ticket_id`, `order_id`, `state`, `row_count`. Did you mean `order_id`?',
  ],
  [
    `${AT.next}/when/field`,
    {
      [AT.next]: { key: 'heard', when: { from_step: 'bell', field: 'note', equals: 'x' } },
      [`${AT.bell}/when`]: undefined,
    },
    'Name what `bell` gives: it has no `input`, so that is nothing.',
  ],
  [
    `${AT.refundDecision}/of`,
    { [`${AT.refundDecision}/of`]: 'refund_decision' },
    'Name an earlier step: `refund_decision` is this step itself.',
  ],
  [
    `${AT.refundApplied}/apply`,
    { [`${AT.refundApplied}/apply`]: 'close' },
    'Name an earlier step, or move `close` up: it comes after this one.',
  ],
  [
    `${AT.refundDecision}/of`,
    { [`${AT.refundDecision}/of`]: 'refnud' },
    'Name an earlier step: there is no `refnud`. Did you mean `refund`?',
  ],
  [
    `${AT.next}/apply`,
    { [AT.next]: { key: 'again', apply: 'refund' } },
    'Remove this step: the proposal of `refund` is applied once, and an earlier step waits for that.',
  ],
  [
    `${AT.closeDecision}/of`,
    { [`${AT.closeDecision}/when`]: undefined },
    'Give this step the same `when` as `close`: where that is left out, this one has nothing to go on.',
  ],
  [
    `${AT.next}/when/from_step`,
    { [AT.next]: { key: 'gone', when: { from_step: 'close', field: 'status', equals: 'applied' } } },
    'Ask about a step without `when`: where `close` is left out, there is nothing to ask about.',
  ],
  [
    `${FLOW}/approvals/0/on_risk`,
    { [`${FLOW}/approvals/0/on_risk`]: 'medium' },
    'Give an allowed capability the `risk` medium, or remove this: it asks for nothing.',
  ],
  [`${EXPOSE}/4/capability`, { [`${EXPOSE}/4`]: { as: 'nothing' } }, 'Add `capability` or `workflow`: what is shown.'],
]

describe('workflows', () => {
  it('may go from a ticket over evidence, proposal, approval, apply and a gate to its close', () => {
    expect(found(refundDesk())).toEqual({ errors: [], warnings: [] })
  })

  it.each(FINE)('may have %s', (_, changes) => {
    expect(found(changedDesk(changes))).toEqual({ errors: [], warnings: [] })
  })

  describe.each([
    ['names', NAMES],
    ['allowed capabilities', ALLOWED],
    ['input', INPUT],
    ['what a step does', SHAPE],
    ['calls', CALLS],
    ['what a step reads', READS],
    ['proposals of a run', PROPOSALS],
    ['conditions', CONDITIONS],
    ['approvals', APPROVALS],
    ['evidence', EVIDENCE],
    ['adapters', ADAPTERS],
  ])('%s', (_, rules) => {
    it.each(rules)('refuse %s', (_, changes, problems) => {
      expect(found(changedDesk(changes)).errors.sort()).toEqual([...problems].sort())
    })
  })

  it.each(WARNINGS)('are warned of for %s', (_, changes, problems) => {
    expect(found(changedDesk(changes))).toEqual({ errors: [], warnings: [...problems] })
  })

  it.each(SENTENCES)('say how to mend %s', (path, changes, message) => {
    const { errors } = validateConfig(changedDesk(changes))
    expect(errors.find((error) => error.path === `/${path}`)?.message).toBe(message)
  })

  it('find problems of shape and of meaning in one workflow together', () => {
    const { errors } = found(
      changedDesk({
        [`${FLOW}/version`]: 3,
        [`${AT.ticket}/args/ticket_id`]: { from_inputs: 'ticket_id' },
        [`${AT.policies}/capabilty`]: 'support.list_policies',
        [`${AT.refund}/args/label`]: { fixed: 'fraud' },
        [`${AT.paid}/await`]: 'event',
        [`${AT.bell}/when/is`]: true,
        [`${TICKET}/visible_columns`]: 'all',
      }),
    )
    const expected = [
      `INVALID_TYPE /${TICKET}/visible_columns`,
      `INVALID_TYPE /${FLOW}/version`,
      `INVALID_VALUE /${AT.paid}/await`,
      `INVALID_VALUE /${AT.refund}/args/label/fixed`,
      `MISSING_KEY /${AT.ticket}/args/ticket_id/from_input`,
      `UNKNOWN_KEY /${AT.bell}/when/is`,
      `UNKNOWN_KEY /${AT.policies}/capabilty`,
      `UNKNOWN_KEY /${AT.ticket}/args/ticket_id/from_inputs`,
    ]
    expect(errors.sort()).toEqual(expected.sort())
  })
})
