import assert from 'node:assert/strict'
import type { Ledger } from '../ledger/ledger.js'
import type { LedgerCase } from './ledger-cases.js'
import { recordSample, sampleId } from './ledger-samples.js'

const NUMBERS: readonly number[] = Array.from({ length: 100 }, (_, place) => place + 1)
const BUNDLES: readonly string[] = NUMBERS.map((number) => sampleId('ev', number))

/** What must hold of reads that are recorded at once. A ledger may write them together. */
export const concurrentCases: readonly LedgerCase[] = [
  {
    name: 'keeps reads that are recorded at once, in the order of the calls',
    async run({ ledger }) {
      await Promise.all(NUMBERS.map((number) => recordSample(ledger, { number })))
      assert.deepEqual(await bundlesOf(ledger), BUNDLES)
    },
  },
  {
    name: 'answers each of them only once it is there',
    async run({ ledger }) {
      await Promise.all(
        NUMBERS.map(async (number) => {
          await recordSample(ledger, { number })
          assert.ok(await ledger.findEvidence(sampleId('ev', number)))
        }),
      )
    },
  },
  {
    name: 'refuses one of them, and keeps the others',
    async run({ ledger }) {
      const bad = 42
      const tenantOf = (number: number) => (number === bad ? { tenant_id: 'acme\u0000globex' } : {})
      const results = await Promise.allSettled(
        NUMBERS.map((number) => recordSample(ledger, { number, ...tenantOf(number) })),
      )
      assert.deepEqual(
        NUMBERS.filter((_, place) => results[place]?.status === 'rejected'),
        [bad],
      )
      assert.deepEqual(
        await bundlesOf(ledger),
        BUNDLES.filter((id) => id !== sampleId('ev', bad)),
      )
    },
  },
  {
    name: 'answers all of them when it is closed meanwhile, and keeps what it says that it keeps',
    shared: true,
    async run({ ledger, second }) {
      await ledger.stats()
      const recording = Promise.allSettled(NUMBERS.map((number) => recordSample(ledger, { number })))
      await ledger.close()
      const results = await recording
      assert.deepEqual(
        await bundlesOf(second),
        BUNDLES.filter((_, place) => results[place]?.status === 'fulfilled'),
      )
    },
  },
]

/** Of all that was read, oldest first. */
async function bundlesOf(ledger: Ledger): Promise<readonly string[]> {
  const { items } = await ledger.listAudit({ limit: 200 })
  return items.map(({ bundle_id }) => bundle_id).toReversed()
}
