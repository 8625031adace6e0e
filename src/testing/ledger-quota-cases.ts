import assert from 'node:assert/strict'
import type { Append, Ledger, ProposalQuota } from '../ledger/ledger.js'
import type { NewEntry } from '../protocol/entry.js'
import type { LedgerCase } from './ledger-cases.js'
import {
  CAPTURED_AT,
  EXPIRES_AT,
  type Sample,
  sampleAdvance,
  sampleCreation,
  sampleProposal,
} from './ledger-samples.js'

/** The day before samples are created, and their day. */
const BEFORE = '2026-01-01T03:04:05.678Z'

const QUOTA: ProposalQuota = {
  tenant_id: 'acme',
  capability: 'billing.waive',
  as_of: CAPTURED_AT,
  since: BEFORE,
}

const ROOM = { open_reached: false, created_reached: null }

function sample(number: number, other: Partial<Sample> = {}): Sample {
  return { number, capability: QUOTA.capability, ...other }
}

async function make(ledger: Ledger, given: Sample): Promise<void> {
  assert.ok(await ledger.append(sampleCreation(given)), 'The proposal was not appended.')
}

function withdrawal(given: Sample): Append {
  const proposal = sampleProposal(given)
  const { proposal_id } = proposal.row
  const entry: NewEntry = { type: 'proposal.withdrawn', subject: proposal_id, at: CAPTURED_AT, body: { by: 'agent' } }
  return sampleAdvance(proposal, 1, { status: 'canceled', entry })
}

/** What a ledger must promise of counts of proposals. */
export const quotaCases: readonly LedgerCase[] = [
  {
    name: 'counts the open proposals of one tenant by one capability',
    async run({ ledger }) {
      const use = async () => (await ledger.useOfQuota({ ...QUOTA, open: 2 }, [])).open_reached
      await make(ledger, sample(1))
      await make(ledger, sample(2, { tenant_id: 'globex' }))
      await make(ledger, sample(3, { capability: 'billing.refund' }))
      assert.equal(await use(), false)
      await make(ledger, sample(4))
      assert.equal(await use(), true)

      assert.ok(await ledger.append(withdrawal(sample(1))))
      assert.equal(await use(), false)
    },
  },
  {
    name: 'counts no proposal as open that waits past its expiry, or that is about to end',
    async run({ ledger }) {
      await make(ledger, sample(1))
      const { proposal_id } = sampleProposal(sample(1)).row
      const quota = { ...QUOTA, open: 1 }

      assert.equal((await ledger.useOfQuota(quota, [])).open_reached, true)
      assert.deepEqual(await ledger.useOfQuota(quota, [proposal_id]), ROOM)
      assert.deepEqual(await ledger.useOfQuota({ ...quota, as_of: EXPIRES_AT }, []), ROOM)
    },
  },
  {
    name: 'counts what was made since a moment, whatever became of it, and tells when the oldest was',
    async run({ ledger }) {
      const quota = { ...QUOTA, created: 2 }
      await make(ledger, sample(1))
      assert.ok(await ledger.append(withdrawal(sample(1))))
      await make(ledger, sample(2, { tenant_id: 'globex' }))
      await make(ledger, sample(3, { capability: 'billing.refund' }))
      assert.deepEqual(await ledger.useOfQuota(quota, []), ROOM)
      await make(ledger, sample(4))

      assert.deepEqual(await ledger.useOfQuota(quota, []), { open_reached: false, created_reached: CAPTURED_AT })
      assert.deepEqual(await ledger.useOfQuota({ ...quota, since: CAPTURED_AT }, []), ROOM)
    },
  },
  {
    name: 'counts what was made behind hundreds of others',
    async run({ ledger }) {
      await make(ledger, sample(1))
      for (let number = 2; number <= 450; number++) await make(ledger, sample(number, { capability: 'billing.refund' }))

      assert.equal((await ledger.useOfQuota({ ...QUOTA, created: 1 }, [])).created_reached, CAPTURED_AT)
      assert.deepEqual(await ledger.useOfQuota({ ...QUOTA, created: 2 }, []), ROOM)
    },
  },
  {
    name: 'appends nothing beyond a quota, and lets one take the place of another',
    async run({ ledger }) {
      const quota = { ...QUOTA, open: 1 }
      await make(ledger, sample(1))
      assert.equal(await ledger.append({ ...sampleCreation(sample(2)), quota }), undefined)
      assert.equal((await ledger.stats()).proposals, 1)

      const ending = withdrawal(sample(1))
      const next = sampleCreation(sample(2))
      const both: Append = {
        ...next,
        expect: [...ending.expect, ...next.expect],
        entries: [...ending.entries, ...next.entries],
        rows: [...ending.rows, ...next.rows],
        quota,
      }
      assert.ok(await ledger.append(both))
      assert.equal((await ledger.verify()).ok, true)
    },
  },
  {
    name: 'holds a quota whoever appends at the same moment',
    shared: true,
    async run({ ledger, second }) {
      const quota = { ...QUOTA, open: 3, created: 3 }
      const appends = Array.from({ length: 12 }, (_, place) =>
        (place % 2 === 0 ? ledger : second).append({ ...sampleCreation(sample(place + 1)), quota }),
      )

      const appended = await Promise.all(appends)

      assert.equal(appended.filter((each) => each !== undefined).length, 3)
      assert.equal((await ledger.stats()).proposals, 3)
    },
  },
]
