import { describe, expect, it } from 'vitest'
import { agent, contractOf, lead, openLoop } from './loop.js'
import type { Shop } from './shop.js'

/** A column that keeps no more than whole seconds, or is a binary float. */
const COARSE = {
  postgres: 'alter table invoices add column seen_at timestamptz(0)',
  mysql: 'alter table invoices add column seen_at datetime',
  sqlite: 'alter table invoices add column seen_at real',
} as const

/** What operators and reviewers can ask about the world outside without changing it. */
export function lookingCases(shop: () => Shop): void {
  describe('freshness', () => {
    it('finds an untouched row unchanged, and writes nothing to find out', async () => {
      const { runner, propose, close } = await openLoop(shop())
      const { id } = await propose()
      const before = await shop().contents()
      const { evidence, entries } = await runner.ledger.stats()

      expect(await runner.freshness(id)).toEqual({ state: 'unchanged', columns: [] })

      expect(await shop().contents()).toBe(before)
      expect(await runner.ledger.stats()).toMatchObject({ evidence, entries })
      await close()
    })

    it('names the columns that differ, and never a value', async () => {
      const { runner, propose, invoice, close } = await openLoop(shop())
      const { id } = await propose()
      await shop().run(`update invoices set late_fee_cents = 5401 where id = '${invoice}'`)

      expect(await runner.freshness(id)).toEqual({ state: 'changed', columns: ['late_fee_cents'] })
      await close()
    })

    it('looks at every reviewed column where there is no version column', async () => {
      const { runner, propose, invoice, close } = await openLoop(shop(), {
        propose: { conflict_guard: { weak_guard_ack: true } },
      })
      const { id } = await propose()
      await shop().run(`update invoices set status = 'closed' where id = '${invoice}'`)

      expect(await runner.freshness(id)).toEqual({ state: 'changed', columns: ['status'] })
      await close()
    })

    it.each([
      ['is gone', (id: string) => `delete from invoices where id = '${id}'`],
      ['belongs to another tenant', (id: string) => `update invoices set tenant_id = 'ACME' where id = '${id}'`],
    ])('tells an absent row when it %s', async (_, sql) => {
      const { runner, propose, invoice, close } = await openLoop(shop())
      const { id } = await propose()
      await shop().run(sql(invoice))

      expect(await runner.freshness(id)).toEqual({ state: 'absent', columns: [] })
      await close()
    })

    it('still answers once the proposal has ended', async () => {
      const { runner, approved, close } = await openLoop(shop())
      const { id } = await approved()
      await runner.apply(id)

      const { state, columns } = await runner.freshness(id)

      expect(state).toBe('changed')
      expect(columns).toContain('late_fee_cents')
      await close()
    })

    it('is unknown by code where the source cannot be asked', async () => {
      const { propose, again, close } = await openLoop(shop())
      const { id } = await propose()
      const elsewhere = shop().engine === 'sqlite' ? { path: '/nowhere/shop.db' } : { read_url_env: 'UNSET_URL' }
      const blind = again({ source: elsewhere })

      const { state, code } = await blind.freshness(id)

      expect(state).toBe('unknown')
      expect(code).toBe(shop().engine === 'sqlite' ? 'SOURCE_UNAVAILABLE' : 'ENV_MISSING')
      await close()
    })

    it("is not told of another tenant's proposal", async () => {
      const { runner, propose, close } = await openLoop(shop())
      const { id } = await propose()
      const reviewer = (tenant_id: string) => runner.reviewer({ ...lead, tenant_id })

      expect(await reviewer('acme').freshness(id)).toMatchObject({ state: 'unchanged' })
      await expect(reviewer('globex').freshness(id)).rejects.toMatchObject({ code: 'PROPOSAL_NOT_FOUND' })
      await close()
    })
  })

  describe('readiness', () => {
    it('says of each part that it can be used', async () => {
      const { runner, close } = await openLoop(shop())

      expect(await runner.ready()).toEqual([
        { name: 'ledger', ok: true },
        { name: 'source:shop', ok: true },
        { name: 'receipts:shop', ok: true },
      ])
      await close()
    })

    it('names what is missing by its code', async () => {
      const { again, close } = await openLoop(shop())
      const runner = again({ source: { receipts: { table: 'no_receipts_here' } } })

      expect(await runner.ready()).toContainEqual({ name: 'receipts:shop', ok: false, code: 'RECEIPTS_MISSING' })
      await close()
    })

    it('asks for no receipts where nothing is applied', async () => {
      const { again, close } = await openLoop(shop())
      const runner = again({ mode: 'shadow', source: { receipts: { table: 'no_receipts_here' } } })

      expect((await runner.ready()).map(({ name }) => name)).toEqual(['ledger', 'source:shop'])
      await close()
    })

    it('takes a ledger that cannot be opened for not ready, and still answers', async () => {
      const { again, close } = await openLoop(shop())
      const runner = again({}, { ledger: shop().folder })

      expect(await runner.ready()).toContainEqual({ name: 'ledger', ok: false, code: 'LEDGER_UNAVAILABLE' })
      await close()
    })
  })

  describe('the doctor', () => {
    it('finds nothing wrong with a sound set-up', async () => {
      const { runner, propose, close } = await openLoop(shop())
      await propose()
      const before = await shop().contents()

      const findings = await runner.doctor()

      expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
      expect(findings.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['node', 'sqlite', 'contract', 'ledger', 'source:shop', 'receipts:shop']),
      )
      expect(await shop().contents()).toBe(before)
      await close()
    })

    it('names every column that the table lacks', async () => {
      const { again, close } = await openLoop(shop())
      const runner = again({ inspect: { visible_columns: ['id', 'nickname', 'shoe_size'] } })

      const found = (await runner.doctor()).filter(({ name }) => name === 'capability:billing.inspect_invoice')

      expect(found.map(({ code, message }) => [code, message])).toEqual([
        ['SCHEMA_DRIFT', 'Table invoices has no column nickname.'],
        ['SCHEMA_DRIFT', 'Table invoices has no column shoe_size.'],
      ])
      await close()
    })

    it('names a table that is missing', async () => {
      const { again, close } = await openLoop(shop())
      const runner = again({ inspect: { target: { table: 'bills', primary_key: 'id', tenant_key: 'tenant_id' } } })

      expect(await runner.doctor()).toContainEqual(
        expect.objectContaining({ name: 'capability:billing.inspect_invoice', code: 'SCHEMA_DRIFT' }),
      )
      await close()
    })

    it('refuses a key that does not identify one row', async () => {
      const { again, close } = await openLoop(shop())
      const runner = again({
        propose: { target: { table: 'invoices', primary_key: 'status', tenant_key: 'tenant_id' } },
      })

      expect(await runner.doctor()).toContainEqual(
        expect.objectContaining({ name: 'capability:billing.propose_late_fee_waiver', code: 'PRECONDITION_FAILED' }),
      )
      await close()
    })

    it('tells of a source that cannot be reached once, and not again for each capability', async () => {
      const { again, close } = await openLoop(shop())
      const elsewhere = shop().engine === 'sqlite' ? { path: '/nowhere/shop.db' } : { read_url_env: 'UNSET_URL' }

      const findings = await again({ source: elsewhere }).doctor()

      expect(findings).toContainEqual(expect.objectContaining({ name: 'source:shop', severity: 'error' }))
      expect(findings.filter(({ name }) => name.startsWith('capability:'))).toEqual([])
      await close()
    })

    it('refuses a version column that two writes can share', async () => {
      const { again, close } = await openLoop(shop())
      const runner = again({ propose: { conflict_guard: { column: 'amount', advance: 'database' } } })
      await shop().run(COARSE[shop().engine])

      const coarse = again({ propose: { conflict_guard: { column: 'seen_at', advance: 'timestamp' } } })

      const ofProposal = ({ name }: { readonly name: string }) => name === 'capability:billing.propose_late_fee_waiver'
      expect((await runner.doctor()).find(ofProposal)?.severity).not.toBe('error')
      expect((await coarse.doctor()).find(ofProposal)).toMatchObject({ severity: 'error', code: 'PRECONDITION_FAILED' })
      await shop().run('alter table invoices drop column seen_at')
      await close()
    })

    it('says which variables are not set', async () => {
      const { again, close } = await openLoop(shop())
      const trusted_context = { provider: 'environment' }
      const runner = again({ config: { trusted_context } }, { env: { ...shop().env, SYNAPSOR_TENANT_ID: 'acme' } })

      const found = (await runner.doctor()).filter(({ code }) => code === 'ENV_MISSING')

      expect(found).toEqual([
        {
          name: 'env:SYNAPSOR_PRINCIPAL',
          severity: 'error',
          code: 'ENV_MISSING',
          message:
            'Environment variable SYNAPSOR_PRINCIPAL is not set. The contract names it in trusted_context.values.principal_env.',
          next: 'Set the variable and start again.',
        },
      ])
      await close()
    })

    it('warns of a tenant that is written into the contract, and does not repeat it', async () => {
      const { again, close } = await openLoop(shop())
      const values = { tenant_id: 'the_only_tenant', principal: 'someone' }
      const runner = again({ config: { trusted_context: { provider: 'static_dev', values } } })

      const findings = await runner.doctor()

      expect(findings).toContainEqual(expect.objectContaining({ name: 'contract', severity: 'warning' }))
      expect(JSON.stringify(findings)).not.toContain('the_only_tenant')
      await close()
    })

    it('says nothing of where things are', async () => {
      const { again, close } = await openLoop(shop())
      const secrets = Object.values(shop().env).flatMap((url) => [url, new URL(url).password, new URL(url).host])
      const runner = again({ source: { receipts: { table: 'no_receipts_here' } } }, { ledger: shop().folder })

      const told = JSON.stringify(await runner.doctor())

      expect(told).toContain('RECEIPTS_MISSING')
      expect(told).toContain('LEDGER_UNAVAILABLE')
      for (const secret of [...secrets, shop().folder]) expect(told).not.toContain(secret)
      await close()
    })
  })

  it('shows the frozen contract with its defaults', async () => {
    const { runner, close } = await openLoop(shop())

    expect(runner.config.capabilities.map(({ name }) => name)).toEqual(
      contractOf(shop()).capabilities?.map(({ name }) => name),
    )
    expect(runner.config.storage.sqlite_path).toBe('./.synapsor/local.db')
    expect(Object.isFrozen(runner.config) && Object.isFrozen(runner.config.sources)).toBe(true)
    await close()
  })

  it('lists refused calls by the minute', async () => {
    const { runner, close } = await openLoop(shop())
    const session = runner.session(agent)
    for (let calls = 0; calls < 3; calls++) await session.call('billing.inspect_invoice', { invoice_id: 'NO-SUCH' })

    const { items } = await runner.refusals.list()

    expect(items).toEqual([
      expect.objectContaining({
        tenant_id: 'acme',
        capability: 'billing.inspect_invoice',
        code: 'NOT_FOUND',
        count: 3,
      }),
    ])
    await close()
  })
}
