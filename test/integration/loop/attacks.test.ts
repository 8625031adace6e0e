import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSqlite } from '../../../src/drivers/sqlite-library.js'
import type { Ledger } from '../../../src/ledger/ledger.js'
import { fixedClock, memoryLedger } from '../../../src/testing/index.js'
import { forgetTail } from './ledger-file.js'
import { agent, lead, openLoop } from './loop.js'
import { openSqliteShop, type Shop } from './shop.js'

/** Ways around the rules that were tried, on the embedded engine. */
describe('ways around the rules', () => {
  let shop: Shop
  beforeAll(async () => {
    shop = await openSqliteShop()
  })
  afterAll(async () => {
    await shop.drop()
  })

  it('leaves nothing behind when a dry run comes after expiry', async () => {
    const clock = fixedClock()
    const { runner, approved, close } = await openLoop(shop, { propose: { expires_in_seconds: 60 } }, { clock })
    const { id } = await approved()
    clock.advance(60_000)
    const receipts = await shop.receipts()
    const { entries } = await runner.ledger.stats()

    await expect(runner.apply(id, { dry_run: true })).rejects.toMatchObject({ code: 'EXPIRED' })

    expect(await shop.receipts()).toBe(receipts)
    expect((await runner.ledger.stats()).entries).toBe(entries)
    await close()
  })

  it('does not write what expired while the attempt was on its way', async () => {
    const clock = fixedClock()
    const memory = memoryLedger()
    const ledger: Ledger = {
      ...memory,
      append: async (request) => {
        const appended = await memory.append(request)
        if (request.entries.some(({ type }) => type === 'apply.started')) clock.advance(60_000)
        return appended
      },
    }
    const loop = await openLoop(shop, { propose: { expires_in_seconds: 60 } }, { clock, ledger })
    const { id } = await loop.approved()

    await expect(loop.runner.apply(id)).rejects.toMatchObject({ code: 'EXPIRED' })

    expect((await shop.row(loop.invoice))?.late_fee_cents).toBe('5500')
    expect((await loop.runner.proposals.get(id)).status).toBe('expired')
    await loop.close()
  })

  it('ends an attempt that was held up where no receipt could bar it, and may be made again', async () => {
    const clock = fixedClock()
    const memory = memoryLedger()
    let held = true
    const ledger: Ledger = {
      ...memory,
      append: async (request) => {
        const appended = await memory.append(request)
        if (held && request.entries.some(({ type }) => type === 'apply.started')) clock.advance(3_600_000)
        return appended
      },
    }
    const alone = { source: { receipts: { authority: 'runner_ledger' } } }
    const loop = await openLoop(shop, alone, { clock, ledger })
    const { id } = await loop.approved()

    await expect(loop.runner.apply(id)).rejects.toMatchObject({ code: 'BUSY', details: { proposal_id: id } })
    expect((await shop.row(loop.invoice))?.late_fee_cents).toBe('5500')
    held = false
    expect((await loop.runner.apply(id)).status).toBe('applied')
    await loop.close()
  })

  it('takes no more than fifty rivals on one object', async () => {
    const loop = await openLoop(shop, { propose: { on_active_proposal: 'allow' } })
    for (let fee = 1; fee <= 50; fee++) await loop.propose({ fee })
    await expect(loop.propose({ fee: 51 })).rejects.toMatchObject({
      code: 'ACTIVE_PROPOSAL_EXISTS',
      details: { active: 50 },
    })
    await loop.close()
  })

  it('does not let a session look after what it proposed in another context', async () => {
    const contexts = {
      desk: { provider: 'session' },
      fixed: { provider: 'static_dev', values: { tenant_id: 'acme', principal: 'robot' } },
    }
    const { runner, propose, again, close } = await openLoop(shop)
    const { id } = await propose()
    const moved = again({ propose: { context: 'fixed' }, config: { contexts } })

    for (const context of [undefined, agent]) {
      await expect(moved.session(context).status(id)).rejects.toMatchObject({ code: 'PROPOSAL_NOT_FOUND' })
      await expect(moved.session(context).withdraw(id)).rejects.toMatchObject({ code: 'PROPOSAL_NOT_FOUND' })
    }
    expect((await runner.session(agent).withdraw(id)).status).toBe('canceled')
    await close()
  })

  it('does not queue what has expired', async () => {
    const clock = fixedClock()
    const { runner, propose, close } = await openLoop(shop, { propose: { expires_in_seconds: 60 } }, { clock })
    await propose()
    expect((await runner.reviewer({ id: 'dana' }).queue()).items).toHaveLength(1)
    clock.advance(60_000)
    expect((await runner.reviewer({ id: 'dana' }).queue()).items).toEqual([])
    expect((await runner.proposals.list()).items).toMatchObject([{ status: 'expired' }])
    await close()
  })

  it('tells a model nothing of what a column holds that it may change and not read', async () => {
    const hidden = { propose: { visible_columns: ['id'] } }
    const { runner, invoice, close } = await openLoop(shop, hidden)
    const session = runner.session(agent)
    const args = { invoice_id: invoice, reason: 'outage', fee: 0 }
    const envelope = await session.call('billing.propose_late_fee_waiver', args)
    const expected = { late_fee_cents: { after: 0 }, waiver_reason: { after: 'outage' } }
    expect(envelope.proposal?.diff).toEqual(expected)
    const view = await session.status(envelope.proposal?.id ?? '')
    expect(view.diff).toEqual(expected)
    expect((await runner.proposals.get(view.id)).diff.late_fee_cents).toEqual({ before: 5500, after: 0 })
    await close()
  })

  it('answers with no more than an answer may hold', async () => {
    const list = { inspect: { lookup: undefined, args: {}, max_rows: 10 } }
    const { runner, invoice, close } = await openLoop(shop, list)
    const other = await openLoop(shop)
    const tenant = { tenant_id: 'wordy', principal: 'agent' }
    const fill = (length: number) =>
      shop.run(`update invoices set tenant_id = 'wordy', customer = '${'x'.repeat(length)}'
        where id in ('${invoice}', '${other.invoice}')`)
    const read = () => runner.session(tenant).inspect('billing.inspect_invoice', {})

    await fill(600_000)
    expect(await read()).toMatchObject({ row_count: 1, truncated: true })
    await fill(1_100_000)
    await expect(read()).rejects.toMatchObject({ code: 'RESULT_TOO_LARGE' })
    await other.close()
    await close()
  })

  it('does not withdraw what has expired', async () => {
    const clock = fixedClock()
    const { runner, propose, close } = await openLoop(shop, { propose: { expires_in_seconds: 60 } }, { clock })
    const { id } = await propose()
    clock.advance(60_000)

    await expect(runner.session(agent).withdraw(id)).rejects.toMatchObject({
      code: 'WRONG_STATUS',
      details: { status: 'expired' },
    })
    await close()
  })

  it('does not supersede an approved proposal through a capability that reads other columns', async () => {
    const loop = await openLoop(shop)
    const { id } = await loop.approved()
    const other = loop.again({
      propose: {
        visible_columns: ['id', 'status'],
        args: { invoice_id: { type: 'string' }, status: { type: 'string' } },
        patch: { status: { from_arg: 'status' } },
        allowed_columns: ['status'],
        numeric_bounds: {},
      },
    })

    await expect(
      other.session(agent).propose('billing.propose_late_fee_waiver', { invoice_id: loop.invoice, status: 'closed' }),
    ).rejects.toMatchObject({ code: 'ACTIVE_PROPOSAL_EXISTS' })
    expect((await loop.runner.proposals.get(id)).status).toBe('approved')
    await loop.close()
  })

  it('does not let a reviewer grow a role', async () => {
    const { runner, propose, close } = await openLoop(shop)
    const { id, hash } = await propose()
    const roles = ['support']
    const dana = runner.reviewer({ id: 'dana', roles })
    roles.push('billing_lead')
    expect(() => (dana.person.roles as string[]).push('billing_lead')).toThrow()

    await expect(dana.approve(id, { hash })).rejects.toMatchObject({ code: 'ROLE_REQUIRED' })
    await close()
  })

  it.each(['support_agent_17\u200b', 'support\u00ad_agent_17', 'SUPPORT_AGENT_17'])(
    'takes %j for the proposer or for nobody',
    async (id) => {
      const { runner, propose, close } = await openLoop(shop)
      const proposal = await propose()

      await expect(
        runner.approve(proposal.id, { hash: proposal.hash, approver: { ...lead, id } }),
      ).rejects.toMatchObject({ code: expect.stringMatching(/^(SELF_APPROVAL|APPROVER_UNKNOWN)$/) })
      await close()
    },
  )

  it('refuses a reviewer whose tenant turned out to be undefined', async () => {
    const { runner, close } = await openLoop(shop)
    const person = JSON.parse('{"id":"dana"}')

    expect(() => runner.reviewer({ ...person, tenant_id: undefined })).toThrow(
      expect.objectContaining({ code: 'CONTEXT_MISSING' }),
    )
    await close()
  })

  it('does not hand a proposal made for one person to another', async () => {
    const { runner, propose, close } = await openLoop(shop)
    const { id } = await propose({}, { ...agent, on_behalf_of: 'alice' })

    const forBob = runner.session({ ...agent, on_behalf_of: 'bob' })

    await expect(forBob.withdraw(id)).rejects.toMatchObject({ code: 'PROPOSAL_NOT_FOUND' })
    await close()
  })

  it('does not store a secret of a patched column that is not visible', async () => {
    const hidden = { propose: { visible_columns: ['id', 'status'] } }
    const { runner, propose, invoice, close } = await openLoop(shop, hidden)
    await shop.run(`update invoices set waiver_reason = 'postgres://svc:hunter2@db/prod' where id = '${invoice}'`)

    await expect(propose()).rejects.toMatchObject({ code: 'SECRET_REFUSED' })

    expect((await runner.proposals.list()).items).toEqual([])
    await close()
  })

  it('checks the link before anything is read', async () => {
    const { runner, invoice, propose, close } = await openLoop(shop)
    await propose()
    const link: unknown = { run_id: 5, step_key: {} }

    await expect(
      runner.session(agent).inspect('billing.inspect_invoice', { invoice_id: invoice }, link as never),
    ).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', details: { argument: 'link' } })
    expect((await runner.ledger.verify()).ok).toBe(true)
    await close()
  })

  it.each([{ timeout_ms: Number.NaN }, { timeout_ms: -1 }, { timeout_ms: 10, signal: {} }])(
    'does not wait under the options %j',
    async (options) => {
      const { runner, propose, close } = await openLoop(shop)
      const { id } = await propose()

      await expect(runner.session(agent).waitForDecision(id, options as never)).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      })
      await close()
    },
  )

  it('settles nothing where receipts are kept elsewhere than at the attempt', async () => {
    const loop = await openLoop(shop)
    const { id } = await loop.approved()
    await loop.runner.apply(id)
    await forgetTail(loop.ledger, id, 'receipt.recorded')
    const moved = loop.again({ source: { receipts: { table: 'other_receipts' } } })
    await moved.migrate('shop')

    await expect(moved.reconcile(id)).rejects.toMatchObject({ code: 'CONTRACT_CHANGED' })
    await expect(moved.revoke(id, { approver: lead })).rejects.toMatchObject({ code: 'CONTRACT_CHANGED' })
    expect((await loop.again().reconcile(id)).status).toBe('applied')
    await loop.close()
  })

  it('refuses a proposal whose row in the ledger was given the identity of another request', async () => {
    const loop = await openLoop(shop)
    const { id } = await loop.propose()
    const file = await openSqlite(loop.ledger, { mode: 'write', busy_timeout_ms: 2000 })
    file.prepare("update proposals set identity = 'sha256:other' where proposal_id = ?").run(id)
    file.close()

    await expect(loop.propose()).rejects.toMatchObject({ code: 'INTEGRITY' })
    expect(await loop.runner.ledger.verify()).toMatchObject({ ok: false, problems: [{ code: 'PROJECTION' }] })
    await loop.close()
  })
})
