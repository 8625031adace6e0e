import { afterAll, describe, expect, it } from 'vitest'
import { createRunner } from '../../../src/index.js'
import { contractOf, lead } from '../loop/loop.js'
import { openMysqlShop, openPostgresShop, type Shop } from '../loop/shop.js'
import { changeOf } from './desk.js'

const PROPOSE = 'billing.propose_late_fee_waiver'

describe.each([
  ['PostgreSQL', openPostgresShop],
  ['MariaDB', openMysqlShop],
])('a reader of %s that holds what migrations grant', (_, open) => {
  let shop: Shop
  afterAll(() => shop.drop())

  it('is enough where the app writes, and nothing is asked for a writer', async () => {
    shop = await open()
    const { SHOP_READ_URL = '' } = shop.env
    const contract = contractOf(shop, { ...changeOf(), source: { read_only: true, write_url_env: undefined } })
    const runner = createRunner(JSON.parse(JSON.stringify(contract)), { env: { SHOP_READ_URL }, ledger: ':memory:' })
    const reader = new URL(SHOP_READ_URL).username
    const statements = runner.migrations()
    expect(statements).toMatchObject([{ kind: 'grants' }])
    const sql = statements[0]?.sql ?? ''
    expect(sql).toContain('updated_at')
    expect(sql).not.toContain('writer_role')
    await revokeAll(shop, reader)
    for (const statement of sql.split(';').filter((each) => each.trim() !== '')) await shop.run(statement)
    await shop.run(`insert into invoices (id, tenant_id, customer, status, late_fee_cents, card_number, amount)
      values ('INV-9', 'acme', 'Ann', 'open', 5500, 'card-4929', 120.50)`)

    const session = runner.session({ tenant_id: 'acme', principal: 'support_agent_17' })
    const proposal = await session.propose(PROPOSE, { invoice_id: 'INV-9', reason: 'outage', fee: 0 })
    const approved = await runner.approve(proposal.id, { hash: proposal.hash, approver: lead })

    expect(approved.status).toBe('approved')
    await runner.close()
  })
})

function revokeAll({ engine, run }: Shop, reader: string): Promise<void> {
  return run(
    engine === 'postgres'
      ? `revoke all on invoices from "${reader}"`
      : `revoke all privileges, grant option from '${reader}'@'%'`,
  )
}
