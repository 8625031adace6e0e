import { describe, expect, it } from 'vitest'
import type { FrozenProposal } from '../../../src/protocol/proposal.js'
import { renderV1 } from '../../../src/protocol/render-v1.js'
import type { ProposalStatus } from '../../../src/protocol/status.js'
import { parseV1 } from '../../../src/protocol/v1.js'
import { sampleJob, sampleProposal, sampleReceipt } from '../../../src/testing/ledger-samples.js'

const proposal = sampleProposal({ number: 1 })
const version = { type: 'timestamp with time zone', text: '2026-01-01 00:00:00.123456+00' }
const guard = { kind: 'column', column: 'updated_at', expected_value: version } as const

function frozen(change: Partial<FrozenProposal> = {}): FrozenProposal {
  return { ...proposal.frozen, conflict_guard: { ...guard, advance: 'timestamp' }, ...change }
}

const render = (change: Partial<FrozenProposal> = {}, status: ProposalStatus = 'pending_review') =>
  renderV1({ frozen: frozen(change), hash: proposal.hash, status })
const job = { ...sampleJob(proposal), conflict_guard: guard }
const receipt = sampleReceipt(proposal, 1)
const cannotSay = expect.objectContaining({ code: 'PRECONDITION_FAILED' })

describe('version 1 of a proposal', () => {
  it('says the change, and is read again as it was written', () => {
    const rendered = render()
    expect(rendered).toMatchObject({
      schema_version: 'synapsor.change-set.v1',
      proposal_id: proposal.row.proposal_id,
      mode: 'review_required',
      patch: { late_fee_cents: 0 },
      before: { late_fee_cents: 5500, updated_at: version.text },
      after: { late_fee_cents: 0, updated_at: version.text },
      guards: {
        tenant: { column: 'tenant_id', value: 'acme' },
        expected_version: { column: 'updated_at', value: version.text },
      },
      source: { kind: 'external_postgres', schema: 'public', table: 'invoices' },
      approval: { status: 'pending', required_role: 'finance', required_approvals: 1 },
      integrity: { proposal_hash: proposal.hash },
      source_database_mutated: false,
    })
    expect(parseV1(JSON.parse(JSON.stringify(rendered)))).toEqual(rendered)
  })

  it.each([
    ['pending_review', 'pending', 'not_applied'],
    ['approved', 'approved', 'pending_worker'],
    ['applying', 'approved', 'pending_worker'],
    ['outcome_unknown', 'approved', 'pending_worker'],
    ['applied', 'approved', 'applied'],
    ['conflict', 'approved', 'conflict'],
    ['failed', 'approved', 'failed'],
    ['rejected', 'rejected', 'not_applied'],
    ['canceled', 'canceled', 'canceled'],
    ['revoked', 'canceled', 'canceled'],
    ['superseded', 'canceled', 'not_applied'],
    ['expired', 'canceled', 'not_applied'],
    ['shadow', 'pending', 'not_applied'],
  ] as const)('says %s as approval %s and writeback %s', (status, approval, writeback) => {
    const rendered = render({}, status)
    expect([rendered.approval.status, rendered.writeback.status]).toEqual([approval, writeback])
    expect(rendered.source_database_mutated).toBe(status === 'applied')
  })

  it.each([
    ['session', 'trusted_session'],
    ['http_claims', 'trusted_session'],
    ['environment', 'environment'],
    ['static_dev', 'static_dev'],
    ['cloud_session', 'cloud_session'],
  ] as const)('says where the context came from: %s is %s', (provenance, source) => {
    expect(render({ context: { ...proposal.frozen.context, provenance } }).principal.source).toBe(source)
  })

  it('says that a role is required only where one is', () => {
    const approval = { ...proposal.frozen.approval, required_role: null }
    expect(render({ approval }).approval).not.toHaveProperty('required_role')
    expect(render({ mode: 'shadow' }).mode).toBe('shadow')
  })

  it.each([
    ['SQLite', { source: { name: 'billing', engine: 'sqlite' as const } }],
    ['a row without a version', { conflict_guard: { kind: 'row' as const, reviewed: {} } }],
    ['a table without a tenant', { target: { ...proposal.frozen.target, tenant_guard: null } }],
    ['a table without a schema', { target: { ...proposal.frozen.target, schema: undefined } as never }],
  ])('has no words for %s', (_, change) => {
    expect(() => render(change)).toThrow(cannotSay)
  })
})

describe('version 1 of a job', () => {
  it('says the change without the exact texts, and is read again as it was written', () => {
    const rendered = renderV1(job)
    expect(rendered).toMatchObject({
      schema_version: 'synapsor.writeback-job.v1',
      idempotency_key: job.idempotency_key,
      conflict_guard: { kind: 'column', expected_value: version.text },
    })
    expect(rendered).not.toHaveProperty('before')
    expect(rendered).not.toHaveProperty('after')
    expect(parseV1(JSON.parse(JSON.stringify(rendered)))).toEqual(rendered)
  })

  it.each([
    ['SQLite', { engine: 'sqlite' as const }],
    ['a row without a version', { conflict_guard: { kind: 'row_hash' as const, expected_hash: proposal.hash } }],
    ['a table without a tenant', { tenant_guard: null }],
    ['a table without a schema', { target: { table: 'invoices', primary_key: { column: 'id', value: 'INV-1' } } }],
  ])('has no words for %s', (_, change) => {
    expect(() => renderV1({ ...job, ...change })).toThrow(cannotSay)
  })

  it('is read in the older form as well', () => {
    const { schema_version: _, ...older } = renderV1(job)
    expect(parseV1({ protocol_version: '1.0', ...older })).toEqual(renderV1(job))
  })
})

describe('version 1 of a receipt', () => {
  it('is read again as it was written, and has a hash of its own', () => {
    const rendered = renderV1(receipt)
    expect(rendered).toMatchObject({
      status: 'applied',
      rows_affected: 1,
      runner_id: 'runner',
      source_database_mutated: true,
    })
    expect(rendered.writeback_job_id).toMatch(/^wbj_/)
    expect(rendered.receipt_hash).not.toBe(receipt.receipt_hash)
    expect(parseV1(JSON.parse(JSON.stringify(rendered)))).toEqual(rendered)
  })

  it('says who made it, for which job, and why it failed', () => {
    const rendered = renderV1(
      { ...receipt, status: 'failed', safe_error_code: 'NOT_APPLIED' },
      { runner_id: 'runner_7', writeback_job_id: 'wbj_7' },
    )
    expect(rendered).toMatchObject({ runner_id: 'runner_7', writeback_job_id: 'wbj_7', safe_error_code: 'NOT_APPLIED' })
  })
})

describe('what is no object of version 1', () => {
  const refusals: readonly (readonly [what: string, value: unknown])[] = [
    ['nothing', undefined],
    ['null', null],
    ['a text', 'synapsor.change-set.v1'],
    ['an empty object', {}],
    ['an unknown kind', { schema_version: 'synapsor.approval.v1' }],
    ['a kind of version 2', job],
    ['a name of Object', { schema_version: 'constructor' }],
    ['another older form', { protocol_version: '2.0', ...renderV1(job), schema_version: undefined }],
    ['an unknown key', { ...renderV1(job), extra: true }],
    ['a patch of nothing', { ...renderV1(job), patch: {} }],
    ['a column twice', { ...renderV1(job), allowed_columns: ['a', 'a'] }],
    ['a column that is SQL', { ...renderV1(job), allowed_columns: ['a; drop table b'] }],
    ['a patch of structure', { ...renderV1(job), patch: { late_fee_cents: { raw: '0' } } }],
    ['an engine it does not know', { ...renderV1(job), engine: 'sqlite' }],
    ['a digest without its algorithm', { ...render(), integrity: { proposal_hash: 'abc' } }],
    ['a time without a zone', { ...render(), created_at: '2026-01-01T00:00:00' }],
    ['too many approvals', { ...render(), approval: { status: 'pending', required_approvals: 11 } }],
    ['a negative count', { ...renderV1(receipt), rows_affected: -1 }],
    ['a status in capitals', { ...renderV1(receipt), status: 'APPLIED' }],
  ]

  it.each(refusals)('is refused: %s', (_, value) => {
    expect(() => parseV1(value)).toThrow()
  })
})
