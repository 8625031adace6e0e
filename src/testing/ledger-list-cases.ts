import assert from 'node:assert/strict'
import type { Ledger, Page, PageRequest } from '../ledger/ledger.js'
import type { LedgerCase } from './ledger-cases.js'
import {
  CAPTURED_AT,
  EXPIRES_AT,
  recordSample,
  type Sample,
  sampleAdvance,
  sampleCreation,
  sampleProposal,
  sampleReceiptEntry,
} from './ledger-samples.js'

type List<Item> = (request: PageRequest) => Promise<Page<Item>>

/** Reads a list to its end, in pages so small that there are several. */
async function listAll<Item>(read: List<Item>, limit = 3): Promise<readonly Item[]> {
  const items: Item[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: Page<Item> = await read({ limit, ...(cursor === undefined ? {} : { cursor }) })
    assert.ok(page.items.length <= limit)
    items.push(...page.items)
    cursor = page.next_cursor
  }
  return items
}

/** Two of everything, in all combinations. */
const SAMPLES: readonly Sample[] = Array.from({ length: 32 }, (_, place) => ({
  number: place + 1,
  tenant_id: place & 1 ? 'acme' : 'globex',
  principal: place & 2 ? 'agent_1' : 'agent_2',
  capability: place & 4 ? 'billing.waive' : 'billing.refund',
  run_id: place & 8 ? 'run_1' : null,
}))

/** Every third gets a receipt, so that there are two statuses. */
async function fill(ledger: Ledger): Promise<void> {
  for (const sample of SAMPLES) {
    await ledger.append(sampleCreation(sample))
    if (sample.number % 3 !== 0) continue
    const proposal = sampleProposal(sample)
    const entry = sampleReceiptEntry(proposal, sample.number)
    await ledger.append(sampleAdvance(proposal, 1, { status: 'applied', entry }))
  }
}

/** Compares a list under every combination of filters with the whole list, sieved here. What only sieves is no filter. */
async function checkFilters<Item>(
  list: List<Item>,
  filters: Readonly<Record<string, string>>,
  columnOf: (item: Item, column: string) => unknown,
  sieves: readonly string[] = [],
): Promise<void> {
  const everything = await listAll(list, 200)
  assert.ok(everything.length > 0)
  const columns = Object.entries(filters)
  for (let chosen = 0; chosen < 2 ** columns.length; chosen++) {
    const filter = columns.filter((_, place) => chosen & (1 << place))
    if (filter.length > 0 && filter.every(([column]) => sieves.includes(column))) {
      await assert.rejects(list(Object.fromEntries(filter)), { code: 'INVALID_ARGUMENT' })
      continue
    }
    const expected = everything.filter((item) => filter.every(([column, value]) => columnOf(item, column) === value))
    const listed = await listAll((request) => list({ ...Object.fromEntries(filter), ...request }))
    assert.deepEqual(listed, expected, `filtered by ${filter.map(([column]) => column).join(' and ') || 'nothing'}`)
  }
}

function field(item: object, column: string): unknown {
  return Object.entries(item).find(([key]) => key === column)?.[1]
}

/** What lists must promise. */
export const listCases: readonly LedgerCase[] = [
  {
    name: 'lists proposals by every combination of filters',
    async run({ ledger }) {
      await fill(ledger)
      const filters = {
        tenant_id: 'acme',
        principal: 'agent_1',
        capability: 'billing.waive',
        status: 'applied',
        run_id: 'run_1',
      }
      await checkFilters((request) => ledger.listProposals(request, CAPTURED_AT), filters, field, [
        'capability',
        'principal',
        'status',
      ])
    },
  },
  {
    name: 'lists open proposals by their status alone',
    async run({ ledger }) {
      await fill(ledger)
      const filters = { status: 'pending_review', tenant_id: 'acme', principal: 'agent_1' }
      await checkFilters((request) => ledger.listProposals(request, CAPTURED_AT), filters, field, ['principal'])
    },
  },
  {
    name: 'lists what waited past its expiry as expired, newest first, page by page',
    async run({ ledger }) {
      await fill(ledger)
      const before = await listAll((request) =>
        ledger.listProposals({ ...request, status: 'pending_review' }, CAPTURED_AT),
      )
      assert.ok(before.length > 3)
      assert.deepEqual((await ledger.listProposals({ status: 'pending_review' }, EXPIRES_AT)).items, [])

      const expected = before.filter(({ tenant_id }) => tenant_id === 'acme')
      const about = { tenant_id: 'acme', status: 'expired' } as const
      assert.deepEqual(await listAll((request) => ledger.listProposals({ ...about, ...request }, EXPIRES_AT)), expected)
      assert.deepEqual((await ledger.listProposals(about, CAPTURED_AT)).items, [])
    },
  },
  {
    name: 'lists evidence and audit lines by every combination of filters',
    async run({ ledger }) {
      for (const sample of SAMPLES) await recordSample(ledger, sample)
      const filters = { tenant_id: 'acme', capability: 'billing.waive' }
      await checkFilters((request) => ledger.listAudit(request), filters, field, ['capability'])
      await checkFilters(
        (request) => ledger.listEvidence(request),
        filters,
        ({ evidence }, column) => (column === 'tenant_id' ? evidence.context.tenant_id : evidence.capability),
        ['capability'],
      )
    },
  },
  {
    name: 'lists entries by every combination of filters',
    async run({ ledger }) {
      await fill(ledger)
      const subject = sampleProposal({ number: 3 }).row.proposal_id
      await checkFilters((request) => ledger.listEntries(request), { subject, type: 'receipt.recorded' }, field, [
        'type',
      ])
    },
  },
  {
    name: 'lists receipts by every combination of filters',
    async run({ ledger }) {
      await fill(ledger)
      const tenants = new Map(SAMPLES.map((sample) => [sampleProposal(sample).row.proposal_id, sample.tenant_id]))
      const filters = { tenant_id: 'acme', status: 'applied' }
      await checkFilters(
        (request) => ledger.listReceipts(request),
        filters,
        (receipt, column) => (column === 'tenant_id' ? tenants.get(receipt.proposal_id) : field(receipt, column)),
        ['status'],
      )
    },
  },
  {
    name: 'lists the newest first',
    async run({ ledger }) {
      for (const number of [1, 2, 3]) await ledger.append(sampleCreation({ number }))
      const ids = [3, 2, 1].map((number) => sampleProposal({ number }).row.proposal_id)

      assert.deepEqual(
        (await ledger.listProposals({}, CAPTURED_AT)).items.map((row) => row.proposal_id),
        ids,
      )
      assert.deepEqual(
        (await ledger.listEntries({})).items.map((entry) => entry.subject),
        ids,
      )
      const bundles = (await ledger.listEvidence({})).items.map(({ evidence }) => Number(evidence.bundle_id.slice(3)))
      assert.deepEqual(bundles, [3, 2, 1])
    },
  },
  {
    name: 'goes on where a page ended, whatever was added since',
    async run({ ledger }) {
      for (const number of [1, 2, 3]) await ledger.append(sampleCreation({ number }))
      const first = await ledger.listProposals({ limit: 2 }, CAPTURED_AT)
      await ledger.append(sampleCreation({ number: 4 }))

      const rest = await ledger.listProposals({ limit: 2, cursor: first.next_cursor ?? '' }, CAPTURED_AT)

      assert.deepEqual(
        rest.items.map((row) => row.proposal_id),
        [sampleProposal({ number: 1 }).row.proposal_id],
      )
      assert.equal(rest.next_cursor, null)
    },
  },
  {
    name: 'ends a list with a full page',
    async run({ ledger }) {
      for (const number of [1, 2]) await ledger.append(sampleCreation({ number }))
      assert.equal((await ledger.listProposals({ limit: 2 }, CAPTURED_AT)).next_cursor, null)
      assert.deepEqual(await ledger.listReceipts({}), { items: [], next_cursor: null })
    },
  },
  {
    name: 'shows 50 items unless told otherwise',
    async run({ ledger }) {
      for (let number = 1; number <= 51; number++) await recordSample(ledger, { number })
      assert.equal((await ledger.listAudit({})).items.length, 50)
    },
  },
  {
    name: 'refuses a limit out of range',
    async run({ ledger }) {
      for (const limit of [0, -1, 201, 1.5, Number.NaN]) {
        await assert.rejects(ledger.listProposals({ limit }, CAPTURED_AT), { code: 'INVALID_ARGUMENT' })
        await assert.rejects(ledger.listRefusals({ limit }), { code: 'INVALID_ARGUMENT' })
      }
    },
  },
  {
    name: 'refuses a cursor that the list did not give',
    async run({ ledger }) {
      for (const number of [1, 2]) await ledger.append(sampleCreation({ number }))
      const { next_cursor } = await ledger.listProposals({ limit: 1 }, CAPTURED_AT)
      const damaged = ['', 'x', '%00', '1', `${next_cursor}x`, Buffer.from('["proposals",-1]').toString('base64url')]

      for (const cursor of damaged)
        await assert.rejects(ledger.listProposals({ cursor }, CAPTURED_AT), { code: 'INVALID_ARGUMENT' })
      await assert.rejects(ledger.listEntries({ cursor: next_cursor ?? '' }), { code: 'INVALID_ARGUMENT' })
    },
  },
  {
    name: 'refuses a filter that it does not know, rather than to answer with more than was asked for',
    async run({ ledger }) {
      await ledger.append(sampleCreation({ number: 1 }))
      const misspelled = { limit: 10, tennant_id: 'acme' }
      await assert.rejects(ledger.listProposals(misspelled, CAPTURED_AT), { code: 'INVALID_ARGUMENT' })
      await assert.rejects(ledger.listEvidence(misspelled), { code: 'INVALID_ARGUMENT' })
      await assert.rejects(ledger.listProposals({ ...misspelled, tenant_id: 'acme' }, CAPTURED_AT), {
        code: 'INVALID_ARGUMENT',
      })
    },
  },
]
