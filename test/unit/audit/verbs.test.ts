import { describe, expect, it } from 'vitest'
import { codesOf, TEXT, toolTaking, toolWith } from './audited.js'

const WRITE_CODES = ['WRITE_WITHOUT_PROPOSAL_BOUNDARY', 'NO_IDEMPOTENCY_FIELD', 'NO_CONFLICT_GUARD']
const said = { description: 'Works on an invoice.', annotations: { readOnlyHint: false } }

describe('a tool that writes', () => {
  it.each([
    'delete_customer',
    'customer-delete',
    'updatePlan',
    'billing.send_invoice',
    'github_add_comment',
    'waive_fee',
  ])('is found by its name: %s', (name) => {
    const { description } = said
    expect(codesOf(toolWith({ name, description, annotations: { destructiveHint: false } }))).toEqual(WRITE_CODES)
  })

  it('is found by what it claims', () => {
    expect(codesOf(toolWith({ ...said, name: 'invoice' }))).toEqual(WRITE_CODES)
    expect(codesOf(toolWith({ ...said, name: 'invoice', annotations: { destructiveHint: true } }))).toEqual(WRITE_CODES)
  })

  it('is found by its description', () => {
    const annotations = { destructiveHint: false }
    expect(codesOf(toolWith({ name: 'customers', description: 'Deletes customers.', annotations }))).toEqual(
      WRITE_CODES,
    )
    expect(codesOf(toolWith({ name: 'invoice', description: 'Use this tool to refund it.', annotations }))).toEqual(
      WRITE_CODES,
    )
  })

  it('is found by what the model may choose', () => {
    const inputSchema = { properties: { action: { enum: ['get', 'delete'] } }, examples: [{}] }
    expect(codesOf(toolWith({ name: 'customers', inputSchema }))).toEqual([...WRITE_CODES, 'AMBIGUOUS_READ_WRITE_TOOL'])
  })

  it('is not believed to read only', () => {
    const annotations = { readOnlyHint: true, destructiveHint: false, idempotentHint: true }
    expect(codesOf(toolWith({ name: 'delete_customer', annotations }))).toEqual([
      ...WRITE_CODES,
      'AMBIGUOUS_READ_WRITE_TOOL',
    ])
  })

  it('is found behind a name that reads', () => {
    expect(codesOf(toolWith({ description: 'Reads and deletes an invoice.' }))).toContain('AMBIGUOUS_READ_WRITE_TOOL')
  })

  it('may name the write and the version that it expects', () => {
    const properties = { idempotency_key: TEXT, etag: TEXT }
    const tool = { ...toolTaking(properties), ...said, name: 'update_plan' }
    expect(codesOf(tool)).toEqual(['WRITE_WITHOUT_PROPOSAL_BOUNDARY'])
  })
})

describe('a proposal', () => {
  it.each([
    'propose_refund',
    'billing.propose_apply_credit',
    'request_refund',
    'draft_invoice_update',
    'create_change_request',
    'submit_expense_for_approval',
    'suggest_merge',
  ])('is a boundary: %s', (name) => {
    expect(codesOf(toolWith({ ...said, name }))).toEqual([])
  })

  it('is a boundary by an output schema that lets it change nothing', () => {
    const answer = (changed: unknown, required = ['source_database_changed']) => ({
      type: 'object',
      properties: { source_database_changed: changed, proposal: { type: 'object' } },
      required,
    })
    const name = 'waive_fee'
    expect(codesOf(toolWith({ ...said, name, outputSchema: answer({ const: false }) }))).toEqual([])
    for (const schema of [answer({ type: 'boolean' }), answer({ const: false }, []), answer({ enum: [true, false] })]) {
      expect(codesOf(toolWith({ ...said, name, outputSchema: schema }))).toEqual(WRITE_CODES)
    }
    // What is changed by an approval is not the source.
    expect(codesOf(toolWith({ ...said, name: 'approve_refund', outputSchema: answer({ const: false }) }))).toContain(
      'MODEL_CALLABLE_COMMIT_OR_APPROVAL',
    )
  })

  it.each(['propose_and_apply_refund', 'review_and_approve', 'draft_delete', 'apply_proposal', 'delete_proposal'])(
    'is no boundary: %s',
    (name) => {
      expect(codesOf(toolWith({ ...said, name }))).toEqual(expect.arrayContaining(WRITE_CODES))
    },
  )
})

describe('a decision', () => {
  it.each([
    'approve_refund',
    'approve_proposal',
    'commitChange',
    'billing.apply_credit',
    'reapply_discount',
    'settle_invoice',
    'merge_pull_request',
    'revert_change',
    'rollback',
    'roll_back_release',
    'check_and_apply',
  ])('can be made by the model: %s', (name) => {
    expect(codesOf(toolWith({ name }))).toContain('MODEL_CALLABLE_COMMIT_OR_APPROVAL')
  })

  it.each([
    'list_applied_changes',
    'get_commit',
    'list_merge_requests',
    'show_approval_status',
    'get_application',
    'find_settlements',
    'propose_rollback',
  ])('is only told of: %s', (name) => {
    expect(codesOf(toolWith({ name }))).toEqual([])
  })

  it.each([
    ['review_refund', { decision: { enum: ['approve', 'reject'] } }],
    ['review_refund', { decision: TEXT }],
    ['propose_refund', { commit: { type: 'boolean' } }],
    ['propose_refund', { action: { enum: ['propose', 'approve'] } }],
    ['request_refund', { autoApprove: {} }],
    ['request_refund', { approved: { type: 'boolean' } }],
  ])('can be made with an input of %s: %j', (name, properties) => {
    const codes = codesOf({ ...toolTaking(properties), name })
    expect(codes).toContain('MODEL_CALLABLE_COMMIT_OR_APPROVAL')
    expect(codes).toContain('WRITE_WITHOUT_PROPOSAL_BOUNDARY')
  })

  it.each([
    ['list_refunds', { approved: { type: 'boolean' } }],
    ['propose_claim', { decision: { enum: ['granted', 'denied'] } }],
    ['request_refund', { decision_note: TEXT }],
  ])('is no matter of an input of %s: %j', (name, properties) => {
    expect(codesOf({ ...toolTaking(properties), name })).toEqual([])
  })

  it('is found in a choice and in a description', () => {
    const inputSchema = { properties: { operation: { enum: ['approve', 'reject'] } }, examples: [{}] }
    expect(codesOf(toolWith({ name: 'refund_case', inputSchema }))).toContain('MODEL_CALLABLE_COMMIT_OR_APPROVAL')
    expect(codesOf(toolWith({ name: 'refund_case', description: 'Applies the refund.' }))).toContain(
      'MODEL_CALLABLE_COMMIT_OR_APPROVAL',
    )
  })
})

it.each([
  'Reads one invoice. Changes nothing.',
  'Writes nothing: people decide, and the operator applies.',
  'Never deletes.',
])('a description that denies a write is none: %s', (description) => {
  expect(codesOf(toolWith({ description }))).toEqual([])
})
