import assert from 'node:assert/strict'
import type { LedgerCase } from './ledger-cases.js'
import {
  CAPTURED_AT,
  recordSample,
  sampleAdvance,
  sampleApproval,
  sampleAudit,
  sampleCreation,
  sampleEvidence,
  sampleProposal,
  sampleReceiptEntry,
} from './ledger-samples.js'

const REFUSAL = { minute: '2026-01-02T03:04Z', tenant_id: 'acme', capability: 'billing.waive', code: 'BOUND_EXCEEDED' }

/** What the records beside the chain must promise, and the ledger as a whole. */
export const readCases: readonly LedgerCase[] = [
  {
    name: 'finds what a read returned, and its audit line',
    async run({ ledger }) {
      const record = sampleEvidence({ number: 1 })
      await ledger.recordRead(record, sampleAudit(record))

      const found = await ledger.findEvidence(record.evidence.bundle_id)

      assert.deepEqual(found?.evidence, record.evidence)
      assert.equal(found?.digest, record.digest)
      assert.deepEqual((await ledger.listAudit({})).items, [sampleAudit(record)])
    },
  },
  {
    name: 'renders evidence whose text is not given',
    async run({ ledger }) {
      const { text: _, ...record } = sampleEvidence({ number: 1 })
      await ledger.recordRead(record, sampleAudit(record))
      assert.deepEqual((await ledger.findEvidence(record.evidence.bundle_id))?.evidence, record.evidence)
      assert.equal((await ledger.verify()).ok, true)
    },
  },
  {
    name: 'writes an audit line for evidence that comes with a proposal',
    async run({ ledger }) {
      await ledger.append(sampleCreation({ number: 1 }))
      assert.deepEqual((await ledger.listAudit({})).items, [sampleAudit(sampleEvidence({ number: 1 }))])
    },
  },
  {
    name: 'refuses other evidence under a known id',
    async run({ ledger }) {
      await recordSample(ledger, { number: 1 })
      const other = { ...sampleEvidence({ number: 1, tenant_id: 'globex' }) }
      await assert.rejects(ledger.recordRead(other, sampleAudit(other)), { code: 'INTERNAL' })
      const found = await ledger.findEvidence(other.evidence.bundle_id)
      assert.equal(found?.evidence.context.tenant_id, 'acme')
    },
  },
  {
    name: 'keeps every text as it was',
    async run({ ledger }) {
      const principal = 'a\u001b[31m "quoted" \\ \' ; drop table entries; -- ﷽ 🧾 \u202e \u2028 e\u0301'
      const tenant_id = `${'ü'.repeat(200)}%_`
      await ledger.append(sampleCreation({ number: 1, tenant_id, principal }))

      const { row } = sampleProposal({ number: 1, tenant_id, principal })
      assert.deepEqual((await ledger.findProposal(row.proposal_id))?.row, row)
      assert.deepEqual((await ledger.listProposals({ tenant_id }, CAPTURED_AT)).items, [row])
      assert.equal((await ledger.listProposals({ tenant_id: tenant_id.toUpperCase() }, CAPTURED_AT)).items.length, 0)
      assert.equal((await ledger.verify()).ok, true)
    },
  },
  {
    name: 'refuses a NUL in a name, which would be another name once it is cut',
    async run({ ledger }) {
      const tenant_id = 'acme\u0000globex'
      await assert.rejects(ledger.append(sampleCreation({ number: 1, tenant_id })), { code: 'INVALID_ARGUMENT' })
      await assert.rejects(recordSample(ledger, { number: 1, tenant_id }), { code: 'INVALID_ARGUMENT' })
      await assert.rejects(ledger.listProposals({ tenant_id }, CAPTURED_AT), { code: 'INVALID_ARGUMENT' })
      const { entries, evidence } = await ledger.stats()
      assert.deepEqual({ entries, evidence }, { entries: 0, evidence: 0 })
    },
  },
  {
    name: 'tells tenants apart that differ in case, blanks or composition alone',
    async run({ ledger }) {
      const tenants = ['acme', 'ACME', 'acme ', ' acme', 'ácme', 'a\u0301cme', 'acme\u200b']
      for (const [place, tenant_id] of tenants.entries())
        await ledger.append(sampleCreation({ number: place + 1, tenant_id }))
      for (const tenant_id of tenants) {
        assert.deepEqual(
          (await ledger.listProposals({ tenant_id }, CAPTURED_AT)).items.map((row) => row.tenant_id),
          [tenant_id],
        )
        assert.equal((await ledger.listAudit({ tenant_id })).items.length, 1)
      }
    },
  },
  {
    name: 'counts refusals by the minute',
    async run({ ledger }) {
      for (const minute of ['2026-01-02T03:04Z', '2026-01-02T03:05Z', '2026-01-02T03:04Z']) {
        await ledger.countRefusal({ ...REFUSAL, minute })
      }
      await ledger.countRefusal({ ...REFUSAL, tenant_id: 'globex' }, 40)
      await ledger.countRefusal({ ...REFUSAL, tenant_id: 'globex' }, 2)

      const first = await ledger.listRefusals({ limit: 2 })
      const rest = await ledger.listRefusals({ limit: 2, cursor: first.next_cursor ?? '' })

      assert.deepEqual(
        [...first.items, ...rest.items],
        [
          { ...REFUSAL, minute: '2026-01-02T03:05Z', count: 1 },
          { ...REFUSAL, tenant_id: 'globex', count: 42 },
          { ...REFUSAL, count: 2 },
        ],
      )
      assert.equal(rest.next_cursor, null)
    },
  },
  {
    name: 'shows at once to one what the other has recorded',
    shared: true,
    async run({ ledger, second }) {
      await ledger.append(sampleCreation({ number: 1 }))
      const proposal = sampleProposal({ number: 1 })
      assert.ok(await second.findProposal(proposal.row.proposal_id))

      await second.append(sampleAdvance(proposal, 1, { status: 'approved', entry: sampleApproval(proposal) }))

      assert.equal((await ledger.findProposal(proposal.row.proposal_id))?.row.status, 'approved')
    },
  },
  {
    name: 'makes one chain of what two append at once',
    shared: true,
    async run({ ledger, second }) {
      const numbers = Array.from({ length: 40 }, (_, place) => place + 1)
      await Promise.all(
        numbers.map(async (number) => {
          const mine = number % 2 === 0 ? ledger : second
          await recordSample(mine, { number })
          assert.ok(await mine.append(sampleCreation({ number })))
        }),
      )
      const verified = await second.verify()
      assert.deepEqual(verified, { ok: true, entries: numbers.length, problems: [] })
    },
  },
  {
    name: 'verifies what was recorded as it was recorded',
    async run({ ledger }) {
      for (const number of [1, 2, 3]) {
        await ledger.append(sampleCreation({ number }))
        const proposal = sampleProposal({ number })
        await ledger.append(sampleAdvance(proposal, 1, { status: 'approved', entry: sampleApproval(proposal) }))
        const entry = sampleReceiptEntry(proposal, number)
        await ledger.append(sampleAdvance(proposal, 2, { status: 'applied', entry }))
      }
      assert.deepEqual(await ledger.verify(), { ok: true, entries: 9, problems: [] })
    },
  },
  {
    name: 'finds a status that its entries do not add up to',
    async run({ ledger }) {
      await ledger.append(sampleCreation({ number: 1 }))
      const proposal = sampleProposal({ number: 1 })
      await ledger.append(sampleAdvance(proposal, 1, { status: 'applied', entry: sampleApproval(proposal) }))
      const { ok, problems } = await ledger.verify()
      assert.equal(ok, false)
      assert.deepEqual(
        problems.map(({ code, seq }) => [code, seq]),
        [['PROJECTION', 1]],
      )
    },
  },
  {
    name: 'tells how much it holds',
    async run({ ledger }) {
      await ledger.append(sampleCreation({ number: 1 }))
      await recordSample(ledger, { number: 2 })
      const { entries, proposals, evidence, bytes, schema_version } = await ledger.stats()
      assert.deepEqual({ entries, proposals, evidence }, { entries: 1, proposals: 1, evidence: 2 })
      assert.ok(bytes > 0)
      assert.ok(schema_version >= 1)
    },
  },
  {
    name: 'migrates to the schema it has',
    async run({ ledger }) {
      await ledger.append(sampleCreation({ number: 1 }))
      await ledger.migrate()
      assert.equal((await ledger.stats()).entries, 1)
    },
  },
  {
    name: 'answers nothing any more once it is closed, and may be closed again',
    async run({ ledger }) {
      await ledger.append(sampleCreation({ number: 1 }))
      await ledger.close()
      await ledger.close()

      await assert.rejects(ledger.append(sampleCreation({ number: 2 })), { code: 'LEDGER_UNAVAILABLE' })
      await assert.rejects(ledger.findProposal('wrp_1'), { code: 'LEDGER_UNAVAILABLE' })
      await assert.rejects(ledger.verify(), { code: 'LEDGER_UNAVAILABLE' })
    },
  },
  {
    name: 'stays open for one when the other is closed',
    shared: true,
    async run({ ledger, second }) {
      await ledger.append(sampleCreation({ number: 1 }))
      await second.stats()
      await ledger.close()
      assert.ok(await second.append(sampleCreation({ number: 2 })))
      assert.equal((await second.verify()).entries, 2)
    },
  },
]
