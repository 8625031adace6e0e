import assert from 'node:assert/strict'
import type { Append, Ledger } from '../ledger/ledger.js'
import { entryProblem, GENESIS } from '../protocol/entry.js'
import { foldProposal } from '../protocol/state.js'
import type { LedgerCase } from './ledger-cases.js'
import {
  recordSample,
  type Sample,
  type SampleProposal,
  sampleAdvance,
  sampleApproval,
  sampleCreation,
  sampleEvidence,
  sampleJob,
  sampleProposal,
  sampleReceipt,
  sampleReceiptEntry,
  sampleStart,
} from './ledger-samples.js'

async function create(ledger: Ledger, sample: Sample): Promise<SampleProposal> {
  assert.ok(await ledger.append(sampleCreation(sample)), 'The proposal was not appended.')
  return sampleProposal(sample)
}

/** The number of entries, which nothing that is refused may raise. */
async function entryCount(ledger: Ledger): Promise<number> {
  return (await ledger.stats()).entries
}

async function refusedWhole(ledger: Ledger, request: Append): Promise<void> {
  const before = await ledger.stats()
  assert.equal(await ledger.append(request), undefined)
  const { entries, proposals, evidence } = await ledger.stats()
  assert.deepEqual({ entries, proposals, evidence }, countsOf(before))
}

function countsOf({ entries, proposals, evidence }: Awaited<ReturnType<Ledger['stats']>>) {
  return { entries, proposals, evidence }
}

/** What an append must promise. */
export const appendCases: readonly LedgerCase[] = [
  {
    name: 'finds a proposal whole, with each entry as it was appended',
    async run({ ledger }) {
      const proposal = await create(ledger, { number: 1 })
      await ledger.append(sampleAdvance(proposal, 1, { status: 'approved', entry: sampleApproval(proposal) }))

      const found = await ledger.findProposal(proposal.row.proposal_id)

      assert.ok(found)
      assert.deepEqual(found.row, { ...proposal.row, status: 'approved' })
      assert.equal(found.revision, 2)
      assert.deepEqual(
        found.entries.map(({ type }) => type),
        ['proposal.created', 'proposal.approved'],
      )
      const state = foldProposal(found.entries)
      assert.equal(state.status, 'approved')
      assert.deepEqual(state.frozen, proposal.frozen)
    },
  },
  {
    name: 'finds nothing under an id that was never appended',
    async run({ ledger }) {
      assert.equal(await ledger.findProposal('wrp_none'), undefined)
      assert.equal(await ledger.findEntry(1), undefined)
      assert.equal(await ledger.findEntry(0.5), undefined)
      assert.equal(await ledger.findJob('wbj_none'), undefined)
      assert.equal(await ledger.findReceipt('rct_none'), undefined)
      assert.equal(await ledger.findEvidence('ev_none'), undefined)
    },
  },
  {
    name: 'chains the entries of all proposals without a gap',
    async run({ ledger }) {
      for (let number = 1; number <= 5; number++) {
        const proposal = await create(ledger, { number })
        await ledger.append(sampleAdvance(proposal, 1, { status: 'approved', entry: sampleApproval(proposal) }))
      }

      const entries = [...(await ledger.listEntries({})).items].reverse()

      assert.equal(entries.length, 10)
      let prev: string = GENESIS
      entries.forEach((entry, place) => {
        assert.equal(entry.seq, place + 1)
        assert.equal(entry.prev, prev)
        assert.equal(entryProblem(entry), undefined)
        prev = entry.hash
      })
    },
  },
  {
    name: 'gives the hash before each entry, so that links can be checked',
    async run({ ledger }) {
      const first = await create(ledger, { number: 1 })
      await create(ledger, { number: 2 })
      await ledger.append(sampleAdvance(first, 1, { status: 'approved', entry: sampleApproval(first) }))

      const found = await ledger.findProposal(first.row.proposal_id)

      assert.deepEqual(
        found?.previous_hashes,
        found?.entries.map(({ seq, prev }) => (seq === 1 ? undefined : prev)),
      )
      assert.equal(found?.entries[1]?.seq, 3)
    },
  },
  {
    name: 'never uses the same salt twice, so that equal bodies cannot be told from their commitments',
    async run({ ledger }) {
      const one = await create(ledger, { number: 1 })
      const other = await create(ledger, { number: 2 })
      const appended = [
        await ledger.append(sampleAdvance(one, 1, { status: 'applying', entry: sampleStart(one) })),
        await ledger.append(sampleAdvance(other, 1, { status: 'applying', entry: sampleStart(other) })),
      ].flatMap((entries) => entries ?? [])

      assert.equal(appended[0]?.body, appended[1]?.body)
      assert.equal(new Set(appended.map(({ salt }) => salt)).size, 2)
      for (const { salt } of appended) assert.match(salt ?? '', /^[0-9a-f-]{32,}$/)
    },
  },
  {
    name: 'refuses an append on another revision and writes nothing of it',
    async run({ ledger }) {
      const proposal = await create(ledger, { number: 1 })
      const approval = { status: 'approved', entry: sampleApproval(proposal) } as const

      await refusedWhole(ledger, sampleAdvance(proposal, 0, approval))
      await refusedWhole(ledger, sampleAdvance(proposal, 2, approval))

      assert.equal((await ledger.findProposal(proposal.row.proposal_id))?.row.status, 'pending_review')
    },
  },
  {
    name: 'refuses to create a proposal twice',
    async run({ ledger }) {
      await create(ledger, { number: 1 })
      await refusedWhole(ledger, sampleCreation({ number: 1 }))
    },
  },
  {
    name: 'refuses all of an append when one of its expectations fails',
    async run({ ledger }) {
      const earlier = await create(ledger, { number: 1 })
      const { entries, rows, expect } = sampleAdvance(earlier, 2, {
        status: 'superseded',
        entry: { ...sampleApproval(earlier) },
      })
      const creation = sampleCreation({ number: 2 })

      await refusedWhole(ledger, {
        ...creation,
        expect: [...expect, ...creation.expect],
        entries: [...entries, ...creation.entries],
        rows: [...rows, ...creation.rows],
      })

      assert.equal(await ledger.findProposal(sampleProposal({ number: 2 }).row.proposal_id), undefined)
      assert.equal(await ledger.findEvidence(sampleEvidence({ number: 2 }).evidence.bundle_id), undefined)
    },
  },
  {
    name: 'lets exactly one of many appends on the same revision through',
    async run({ ledger }) {
      const proposal = await create(ledger, { number: 1 })
      const approval = sampleAdvance(proposal, 1, { status: 'approved', entry: sampleApproval(proposal) })

      const results = await Promise.all(Array.from({ length: 20 }, () => ledger.append(approval)))

      assert.equal(results.filter((result) => result !== undefined).length, 1)
      assert.equal(await entryCount(ledger), 2)
    },
  },
  {
    name: 'appends only while the active proposals of the object are the expected ones',
    async run({ ledger }) {
      const object = 'INV-7'
      const first = await create(ledger, { number: 1, object })
      const { object_key } = first.row
      const next = (proposal_ids: readonly string[]): Append => ({
        ...sampleCreation({ number: 2, object }),
        active: { object_key, proposal_ids },
      })

      await refusedWhole(ledger, next([]))
      await refusedWhole(ledger, next(['wrp_other']))
      await refusedWhole(ledger, next([first.row.proposal_id, 'wrp_other']))
      assert.ok(await ledger.append(next([first.row.proposal_id])))

      const ids = (await ledger.activeProposals(object_key)).map(({ proposal_id }) => proposal_id)
      assert.deepEqual(ids, [first.row.proposal_id, sampleProposal({ number: 2 }).row.proposal_id])
      assert.ok(
        await ledger.append({
          ...sampleCreation({ number: 3, object }),
          active: { object_key, proposal_ids: [...ids].reverse() },
        }),
      )
    },
  },
  {
    name: 'lets one of two first proposals on an object through',
    async run({ ledger }) {
      const object = 'INV-7'
      const { object_key } = sampleProposal({ number: 1, object }).row
      const active = { object_key, proposal_ids: [] }

      const results = await Promise.all(
        [1, 2, 3, 4].map((number) => ledger.append({ ...sampleCreation({ number, object }), active })),
      )

      assert.equal(results.filter((result) => result !== undefined).length, 1)
      assert.equal((await ledger.activeProposals(object_key)).length, 1)
    },
  },
  {
    name: 'counts a proposal as active until its status is final',
    async run({ ledger }) {
      const proposal = await create(ledger, { number: 1 })
      const { object_key } = proposal.row
      await ledger.append(sampleAdvance(proposal, 1, { status: 'approved', entry: sampleApproval(proposal) }))
      await ledger.append(sampleAdvance(proposal, 2, { status: 'applying', entry: sampleStart(proposal) }))
      assert.equal((await ledger.activeProposals(object_key))[0]?.status, 'applying')

      await ledger.append(sampleAdvance(proposal, 3, { status: 'applied', entry: sampleReceiptEntry(proposal, 1) }))

      assert.deepEqual(await ledger.activeProposals(object_key), [])
    },
  },
  {
    name: 'keeps receipts so that they can be found and listed',
    async run({ ledger }) {
      const proposal = await create(ledger, { number: 1 })
      await ledger.append(sampleAdvance(proposal, 1, { status: 'applied', entry: sampleReceiptEntry(proposal, 1) }))

      const receipt = sampleReceipt(proposal, 1)
      assert.deepEqual(await ledger.findReceipt(receipt.receipt_id), receipt)
      const { tenant_id } = proposal.row
      assert.deepEqual((await ledger.listReceipts({ tenant_id })).items, [receipt])
    },
  },
  {
    name: 'keeps an exported job with its digest',
    async run({ ledger }) {
      const proposal = await create(ledger, { number: 1 })
      const job = sampleJob(proposal)
      const exported = sampleAdvance(proposal, 1, { status: 'approved', entry: sampleStart(proposal) })

      await ledger.append({ ...exported, job: { job, digest: 'sha256:job' } })

      assert.deepEqual(await ledger.findJob(job.writeback_job_id), { job, digest: 'sha256:job' })
    },
  },
  {
    name: 'takes evidence that was recorded already',
    async run({ ledger }) {
      await recordSample(ledger, { number: 1 })
      await create(ledger, { number: 1 })
      assert.equal((await ledger.listEvidence({})).items.length, 1)
    },
  },
  {
    name: 'refuses other evidence under a known id, and the whole append with it',
    async run({ ledger }) {
      await recordSample(ledger, { number: 1 })
      const creation = {
        ...sampleCreation({ number: 1 }),
        reads: [{ record: { ...sampleEvidence({ number: 1 }), digest: 'sha256:0' } }],
      }

      await assert.rejects(ledger.append(creation), { code: 'INTERNAL' })

      assert.equal(await entryCount(ledger), 0)
    },
  },
  {
    name: 'refuses an append that changes a proposal without an entry of it',
    async run({ ledger }) {
      const proposal = await create(ledger, { number: 1 })
      const other = sampleProposal({ number: 2 })
      const approval = sampleAdvance(proposal, 1, { status: 'approved', entry: sampleApproval(proposal) })

      await assert.rejects(ledger.append({ ...approval, rows: [...approval.rows, other.row] }), { code: 'INTERNAL' })
      await assert.rejects(ledger.append({ ...approval, rows: [] }), { code: 'INTERNAL' })

      assert.equal(await entryCount(ledger), 1)
    },
  },
]
