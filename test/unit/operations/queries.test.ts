import { afterAll, describe, expect, it } from 'vitest'
import { createRunner } from '../../../src/index.js'
import { memoryLedger } from '../../../src/testing/index.js'

const runner = createRunner(
  {
    version: 1,
    mode: 'read_only',
    sources: { shop: { engine: 'sqlite', path: 'shop.db' } },
    capabilities: [
      {
        name: 'shop.list_items',
        kind: 'read',
        source: 'shop',
        target: { table: 'items', primary_key: 'id', tenant_key: 'tenant_id' },
        visible_columns: ['id'],
        max_rows: 10,
      },
    ],
  },
  { ledger: memoryLedger() },
)
afterAll(() => runner.close())

describe('a record that is not there', () => {
  it.each([
    ['proposals', 'wrp_none', 'PROPOSAL_NOT_FOUND'],
    ['evidence', 'ev_none', 'EVIDENCE_NOT_FOUND'],
    ['receipts', 'rct_none', 'RECEIPT_NOT_FOUND'],
    ['entries', '1', 'ENTRY_NOT_FOUND'],
    ['entries', 'first', 'ENTRY_NOT_FOUND'],
  ] as const)('among the %s is told by a code of its own: %s', async (records, id, code) => {
    await expect(runner[records].get(id)).rejects.toMatchObject({ code, retry: 'never' })
  })
})
