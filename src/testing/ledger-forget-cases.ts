import assert from 'node:assert/strict'
import type { ForgetRequest, Ledger } from '../ledger/ledger.js'
import type { NewEntry } from '../protocol/entry.js'
import { jobDigest } from '../protocol/job.js'
import type { LedgerCase } from './ledger-cases.js'
import { beginRun, endingOf } from './ledger-run-cases.js'
import {
  CAPTURED_AT,
  EXPIRES_AT,
  recordSample,
  type Sample,
  sampleAdvance,
  sampleApproval,
  sampleAudit,
  sampleCreation,
  sampleEvidence,
  sampleId,
  sampleJob,
  sampleProposal,
  sampleReceiptEntry,
  sampleStart,
} from './ledger-samples.js'

/** After everything that samples date. */
const LATER = '2026-02-01T00:00:00.000Z'

const EVERYTHING: ForgetRequest = {
  records_before: LATER,
  evidence_before: LATER,
  refusals_before: LATER,
  dry_run: false,
}

const NOTHING = { proposals: 0, runs: 0, entries: 0, evidence: 0, refusals: 0 }

async function reject(ledger: Ledger, sample: Sample): Promise<void> {
  const proposal = sampleProposal(sample)
  const { proposal_id } = proposal.row
  const body = { hash: proposal.hash, approver: { id: 'dana', roles: [] }, reason: 'no' }
  const entry: NewEntry = { type: 'proposal.rejected', subject: proposal_id, at: CAPTURED_AT, body }
  await ledger.append(sampleCreation(sample))
  assert.ok(await ledger.append(sampleAdvance(proposal, 1, { status: 'rejected', entry })))
}

/** A proposal from creation to receipt, with an exported job. */
async function apply(ledger: Ledger, sample: Sample): Promise<void> {
  const proposal = sampleProposal(sample)
  const job = sampleJob(proposal)
  const digest = jobDigest(job)
  const exported: NewEntry = {
    type: 'job.exported',
    subject: proposal.row.proposal_id,
    at: CAPTURED_AT,
    body: { writeback_job_id: job.writeback_job_id, job_digest: digest },
  }
  await ledger.append(sampleCreation(sample))
  await ledger.append(sampleAdvance(proposal, 1, { status: 'approved', entry: sampleApproval(proposal) }))
  await ledger.append({ ...sampleAdvance(proposal, 2, { status: 'approved', entry: exported }), job: { job, digest } })
  await ledger.append(sampleAdvance(proposal, 3, { status: 'applying', entry: sampleStart(proposal) }))
  const entry = sampleReceiptEntry(proposal, sample.number)
  assert.ok(await ledger.append(sampleAdvance(proposal, 4, { status: 'applied', entry })))
}

async function assertWhole(ledger: Ledger): Promise<void> {
  assert.deepEqual((await ledger.verify()).problems, [])
}

async function isErased(ledger: Ledger, number: number): Promise<boolean> {
  const found = await ledger.findProposal(sampleId('wrp', number))
  assert.ok(found)
  const left = found.entries.filter(({ body, salt }) => body !== null || salt !== null)
  assert.ok(left.length === 0 || left.length === found.entries.length, 'A proposal was erased in part.')
  return left.length === 0
}

/** What a ledger must promise of records that are old. */
export const forgetCases: readonly LedgerCase[] = [
  {
    name: 'forgets the content of what has ended, and keeps the chain, the lists and the audit whole',
    async run({ ledger }) {
      await reject(ledger, { number: 1 })
      await ledger.append(sampleCreation({ number: 2 }))
      await recordSample(ledger, { number: 3 })

      const forgotten = await ledger.forget(EVERYTHING)

      assert.deepEqual(forgotten, { ...NOTHING, proposals: 1, entries: 2, evidence: 2 })
      assert.deepEqual([await isErased(ledger, 1), await isErased(ledger, 2)], [true, false])
      assert.equal(await ledger.findEvidence(sampleId('ev', 1)), undefined)
      assert.ok(await ledger.findEvidence(sampleId('ev', 2)))
      assert.equal(await ledger.findEvidence(sampleId('ev', 3)), undefined)
      assert.equal((await ledger.listAudit({})).items.length, 3)
      assert.equal((await ledger.listProposals({}, LATER)).items.length, 2)
      assert.equal((await ledger.stats()).entries, 3)
      await assertWhole(ledger)
    },
  },
  {
    name: 'forgets a proposal that was applied with its receipt and its job',
    async run({ ledger }) {
      await apply(ledger, { number: 1 })

      assert.deepEqual(await ledger.forget(EVERYTHING), { ...NOTHING, proposals: 1, entries: 5, evidence: 1 })

      assert.ok(await isErased(ledger, 1))
      assert.equal(await ledger.findReceipt(sampleId('rct', 1)), undefined)
      assert.deepEqual((await ledger.listReceipts({})).items, [])
      assert.equal(await ledger.findJob(sampleId('wbj', 1)), undefined)
      await assertWhole(ledger)
    },
  },
  {
    name: 'forgets nothing twice',
    async run({ ledger }) {
      await reject(ledger, { number: 1 })
      await ledger.forget(EVERYTHING)

      assert.deepEqual(await ledger.forget(EVERYTHING), NOTHING)
      await assertWhole(ledger)
    },
  },
  {
    name: 'keeps what ended at the moment, or later',
    async run({ ledger }) {
      await reject(ledger, { number: 1 })

      const request = { ...EVERYTHING, records_before: CAPTURED_AT, evidence_before: CAPTURED_AT }

      assert.deepEqual(await ledger.forget(request), NOTHING)
      assert.equal(await isErased(ledger, 1), false)
    },
  },
  {
    name: 'keeps what is still open, and the evidence that it cites, however old',
    async run({ ledger }) {
      const proposal = sampleProposal({ number: 1 })
      await ledger.append(sampleCreation({ number: 1 }))
      await ledger.append(sampleAdvance(proposal, 1, { status: 'approved', entry: sampleApproval(proposal) }))
      await ledger.append(sampleAdvance(proposal, 2, { status: 'applying', entry: sampleStart(proposal) }))

      assert.deepEqual(await ledger.forget(EVERYTHING), NOTHING)
      assert.ok(await ledger.findEvidence(sampleId('ev', 1)))
    },
  },
  {
    name: 'keeps the evidence of what ended too late to be forgotten',
    async run({ ledger }) {
      const proposal = sampleProposal({ number: 1 })
      await ledger.append(sampleCreation({ number: 1 }))
      const entry: NewEntry = {
        type: 'proposal.withdrawn',
        subject: proposal.row.proposal_id,
        at: LATER,
        body: { by: 'x' },
      }
      await ledger.append(sampleAdvance(proposal, 1, { status: 'canceled', entry }))

      assert.deepEqual(await ledger.forget(EVERYTHING), NOTHING)
      assert.ok(await ledger.findEvidence(sampleId('ev', 1)))
    },
  },
  {
    name: 'counts what it would forget, and forgets nothing',
    async run({ ledger }) {
      await apply(ledger, { number: 1 })
      await ledger.append(sampleCreation({ number: 2 }))
      await ledger.countRefusal({ minute: '2026-01-02T03:04Z', tenant_id: 'acme', capability: 'x', code: 'NOT_FOUND' })

      const counted = await ledger.forget({ ...EVERYTHING, dry_run: true })

      // The second has waited past its expiry, which is put on record before it is forgotten.
      assert.deepEqual(counted, { proposals: 2, runs: 0, entries: 7, evidence: 2, refusals: 1 })
      assert.equal(await isErased(ledger, 1), false)
      assert.ok(await ledger.findEvidence(sampleId('ev', 1)))
      assert.equal((await ledger.listRefusals({})).items.length, 1)
    },
  },
  {
    name: 'lists what waits past its expiry, oldest first',
    async run({ ledger }) {
      for (const number of [1, 2, 3]) await ledger.append(sampleCreation({ number }))
      await reject(ledger, { number: 4 })
      const ids = [1, 2, 3].map((number) => sampleId('wrp', number))

      assert.deepEqual(await ledger.lapsedProposals(CAPTURED_AT, null), [])
      assert.deepEqual(await ledger.lapsedProposals(EXPIRES_AT, null), ids)
      assert.deepEqual(await ledger.lapsedProposals(EXPIRES_AT, sampleId('wrp', 2)), ids.slice(2))
    },
  },
  {
    name: 'deletes the counts of earlier minutes, and no others',
    async run({ ledger }) {
      const refusal = { tenant_id: 'acme', capability: 'billing.waive', code: 'EXPIRED' }
      for (const minute of ['2026-01-31T23:58Z', '2026-01-31T23:59Z', '2026-02-01T00:00Z']) {
        await ledger.countRefusal({ ...refusal, minute })
      }

      assert.deepEqual(await ledger.forget(EVERYTHING), { ...NOTHING, refusals: 2 })

      const { items } = await ledger.listRefusals({})
      assert.deepEqual(items, [{ ...refusal, minute: '2026-02-01T00:00Z', count: 1 }])
    },
  },
  {
    name: 'keeps what belongs to a run for as long as that is open',
    async run({ ledger }) {
      const run = await beginRun(ledger, { number: 1 })
      await reject(ledger, { number: 1, run_id: run.run_id })
      const inspected = sampleEvidence({ number: 9, run_id: run.run_id })
      await ledger.recordRead(inspected, sampleAudit(inspected))

      assert.deepEqual(await ledger.forget(EVERYTHING), NOTHING)
      assert.ok(await ledger.append(endingOf(run)))

      const forgotten = await ledger.forget(EVERYTHING)
      assert.deepEqual(forgotten, { ...NOTHING, proposals: 1, runs: 1, entries: 4, evidence: 2 })
      assert.equal(
        (await ledger.findRun(run.run_id))?.entries.every(({ body }) => body === null),
        true,
      )
      await assertWhole(ledger)
    },
  },
  {
    name: 'forgets what belongs to one workflow, and nothing else',
    async run({ ledger }) {
      const mine = await beginRun(ledger, { number: 1, workflow: 'billing.one' })
      const other = await beginRun(ledger, { number: 2, workflow: 'billing.two' })
      await ledger.append(endingOf(mine))
      await ledger.append(endingOf(other))
      for (const [number, run_id] of [
        [1, mine.run_id],
        [2, other.run_id],
        [3, null],
      ] as const) {
        await reject(ledger, { number, run_id })
      }

      const forgotten = await ledger.forget({ ...EVERYTHING, workflow: 'billing.one' })

      assert.deepEqual(forgotten, { ...NOTHING, proposals: 1, runs: 1, entries: 4, evidence: 1 })
      assert.deepEqual(
        [await isErased(ledger, 1), await isErased(ledger, 2), await isErased(ledger, 3)],
        [true, false, false],
      )
      await assertWhole(ledger)
    },
  },
  {
    name: 'goes on through more than one piece, and tells how far it is',
    async run({ ledger }) {
      for (let number = 1; number <= 120; number++) await reject(ledger, { number })
      const told: [number, number][] = []

      const forgotten = await ledger.forget({ ...EVERYTHING, on_progress: (...progress) => told.push(progress) })

      assert.deepEqual(forgotten, { ...NOTHING, proposals: 120, entries: 240, evidence: 120 })
      assert.ok(told.length > 3)
      const [done, total] = told.at(-1) ?? []
      assert.equal(done, total)
      assert.ok(told.every(([each], place) => place === 0 || each >= (told[place - 1]?.[0] ?? 0)))
      await assertWhole(ledger)
    },
  },
  {
    name: 'lets others write while it forgets',
    shared: true,
    async run({ ledger, second }) {
      for (let number = 1; number <= 120; number++) await reject(ledger, { number })
      const forgetting = ledger.forget(EVERYTHING)

      for (let number = 121; number <= 125; number++) assert.ok(await second.append(sampleCreation({ number })))

      assert.equal((await forgetting).proposals, 120)
      assert.ok(await second.findEvidence(sampleId('ev', 125)))
      await assertWhole(second)
    },
  },
  {
    name: 'is whole after the space of what was forgotten is given back',
    async run({ ledger }) {
      for (let number = 1; number <= 40; number++) await reject(ledger, { number })
      await ledger.forget(EVERYTHING)
      const { bytes } = await ledger.stats()

      await ledger.vacuum()

      assert.ok((await ledger.stats()).bytes < bytes)
      await assertWhole(ledger)
      assert.ok(await ledger.append(sampleCreation({ number: 41 })))
    },
  },
  {
    name: 'finds out that it can be written without writing',
    async run({ ledger }) {
      await ledger.append(sampleCreation({ number: 1 }))
      const before = await ledger.stats()

      const { schema_version, engine } = await ledger.check()

      assert.equal(schema_version, before.schema_version)
      assert.match(engine, /^\w+ \d/)
      assert.deepEqual(await ledger.stats(), before)
    },
  },
  {
    name: 'tells how far it has verified',
    async run({ ledger }) {
      for (let number = 1; number <= 120; number++) await ledger.append(sampleCreation({ number }))
      const told: [number, number][] = []

      await ledger.verify({ on_progress: (...progress) => told.push(progress) })

      assert.ok(told.length > 1)
      assert.deepEqual(told.at(-1), [360, 360])
    },
  },
]
