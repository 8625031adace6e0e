import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { JsonScalar } from '../../../src/index.js'
import { fixedClock } from '../../../src/testing/index.js'
import { tamper } from './ledger-file.js'
import { lead, openLoop } from './loop.js'
import type { Shop } from './shop.js'

/** At most once, never stale, never another change than the approved one. */
export function applyingCases(shop: () => Shop): void {
  describe('apply', () => {
    it('writes the approved change once, with a receipt beside it', async () => {
      const { runner, approved, invoice, close } = await openLoop(shop())
      const { id } = await approved()
      const receipts = await shop().receipts()
      const earlier = await shop().row(invoice)

      const first = await runner.apply(id)
      const second = await runner.apply(id)

      expect(first).toMatchObject({ status: 'applied', rows_affected: 1, source_database_mutated: true })
      expect(second).toMatchObject({ status: 'already_applied', receipt_id: first.receipt_id })
      const row = await shop().row(invoice)
      expect(row).toMatchObject({ late_fee_cents: '0', waiver_reason: 'outage' })
      expect(row?.updated_at).toBe(first.new_version)
      expect(first.previous_version).toBe(earlier?.updated_at)
      expect(row?.updated_at).not.toBe(earlier?.updated_at)
      expect(await shop().receipts()).toBe(receipts + 1)
      expect((await runner.proposals.get(id)).status).toBe('applied')
      await close()
    })

    it('writes once under 8 workers', async () => {
      const { runner, approved, again, invoice, close } = await openLoop(shop())
      const { id } = await approved()
      const workers = [runner, again(), again(), again()]
      const receipts = await shop().receipts()

      const told = await Promise.all([...workers, ...workers].map((worker) => worker.apply(id)))

      expect(told.map(({ status }) => status).sort()).toEqual(['applied', ...Array(7).fill('already_applied')].sort())
      expect(new Set(told.map(({ receipt_id }) => receipt_id)).size).toBe(1)
      expect(await shop().receipts()).toBe(receipts + 1)
      expect((await shop().row(invoice))?.late_fee_cents).toBe('0')
      await close()
    })

    it('ends two rivals on one row version as one applied and one conflict', async () => {
      const { runner, propose, close } = await openLoop(shop(), { propose: { on_active_proposal: 'allow' } })
      const rivals = await Promise.all([propose({ reason: 'first' }), propose({ reason: 'second' })])
      for (const { id, hash } of rivals) await runner.approve(id, { hash, approver: lead })

      const told = await Promise.all(rivals.map(({ id }) => runner.apply(id)))

      expect(told.map(({ status }) => status).sort()).toEqual(['applied', 'conflict'])
      await close()
    })

    it.each([
      ['changed', "update invoices set late_fee_cents = 700, updated_at = '2031-01-01 00:00:00.000001' where id = "],
      ['changed without a new version', 'update invoices set late_fee_cents = 700 where id = '],
      ['moved to another tenant', "update invoices set tenant_id = 'globex' where id = "],
      ['deleted', 'delete from invoices where id = '],
    ])('answers conflict when the row was %s meanwhile, and writes nothing', async (_, sql) => {
      const { runner, approved, invoice, close } = await openLoop(shop())
      const { id } = await approved()
      await shop().run(`${sql}'${invoice}'`)
      const before = await shop().contents()

      const receipt = await runner.apply(id)

      expect(receipt).toMatchObject({ status: 'conflict', rows_affected: 0, safe_error_code: 'VERSION_CONFLICT' })
      expect(await shop().contents()).toBe(before)
      expect((await runner.proposals.get(id)).next_allowed_actions).toEqual(['propose_again'])
      await close()
    })

    it('goes through everything and leaves nothing in a dry run', async () => {
      const { runner, approved, close } = await openLoop(shop())
      const { id } = await approved()
      const before = await shop().contents()
      const receipts = await shop().receipts()

      const told = await runner.apply(id, { dry_run: true })

      expect(told).toMatchObject({ status: 'applied', dry_run: true, source_database_mutated: false })
      expect(await shop().contents()).toBe(before)
      expect(await shop().receipts()).toBe(receipts)
      expect((await runner.proposals.get(id)).status).toBe('approved')
      expect((await runner.apply(id)).status).toBe('applied')
      await close()
    })

    it('refuses a proposal that nobody approved', async () => {
      const { runner, propose, close } = await openLoop(shop())
      const { id } = await propose()

      await expect(runner.apply(id)).rejects.toMatchObject({ code: 'NOT_APPROVED' })
      await close()
    })

    it('gives the receipt after expiry, and refuses what was not applied in time', async () => {
      const clock = fixedClock()
      const { runner, approved, close } = await openLoop(shop(), { propose: { expires_in_seconds: 60 } }, { clock })
      const applied = await approved()
      await runner.apply(applied.id)
      clock.advance(60_000)
      expect((await runner.apply(applied.id)).status).toBe('already_applied')

      const late = await approved({ reason: 'late' })
      clock.advance(60_000)
      const before = await shop().contents()
      await expect(runner.apply(late.id)).rejects.toMatchObject({ code: 'EXPIRED' })
      expect(await shop().contents()).toBe(before)
      await close()
    })

    it('refuses when the bounds were lowered after approval', async () => {
      const { approved, again, close } = await openLoop(shop())
      const { id } = await approved({ fee: 900 })

      const changed = again({ propose: { numeric_bounds: { late_fee_cents: { minimum: 0, maximum: 800 } } } })

      await expect(changed.apply(id)).rejects.toMatchObject({ code: 'BOUND_EXCEEDED' })
      await close()
    })

    it('refuses when the capability changed after approval', async () => {
      const { approved, again, close } = await openLoop(shop())
      const { id } = await approved()

      await expect(again({ propose: { visible_columns: ['id', 'late_fee_cents'] } }).apply(id)).rejects.toMatchObject({
        code: 'CONTRACT_CHANGED',
      })
      await close()
    })

    it('refuses when the approver has lost the role', async () => {
      let roles = ['billing_lead']
      const approvers = async (id: string) => ({ id, roles })
      const { runner, approved, invoice, close } = await openLoop(shop(), {}, { approvers })
      const { id } = await approved()
      roles = []

      await expect(runner.apply(id)).rejects.toMatchObject({ code: 'ROLE_REQUIRED' })
      expect((await shop().row(invoice))?.late_fee_cents).toBe('5500')
      await close()
    })

    it('refuses when the table changed after approval', async () => {
      const { runner, approved, close } = await openLoop(shop())
      const { id } = await approved()
      await shop().run('alter table invoices add column extra integer')
      // A MySQL description is trusted for at most one second.
      if (shop().engine === 'mysql') await sleep(1100)
      try {
        await expect(runner.apply(id)).rejects.toMatchObject({ code: 'SCHEMA_DRIFT' })
      } finally {
        await shop().run('alter table invoices drop column extra')
      }
      await close()
    })

    it('says that the receipts table is missing, and never creates it', async () => {
      const { runner, approved, close } = await openLoop(shop())
      const { id } = await approved()
      await shop().run('drop table synapsor_writeback_receipts')
      const before = await shop().contents()

      await expect(runner.apply(id)).rejects.toMatchObject({ code: 'RECEIPTS_MISSING' })

      expect(await shop().contents()).toBe(before)
      await runner.migrate('shop')
      expect((await runner.apply(id)).status).toBe('applied')
      await close()
    })

    it('refuses a patch that was edited in the ledger file', async () => {
      const { runner, approved, ledger, again, invoice, close } = await openLoop(shop())
      const { id } = await approved()
      await tamper(ledger, id, (body) => body.replace('"text":"0"', '"text":"9"'))

      await expect(again().apply(id)).rejects.toMatchObject({ code: 'INTEGRITY' })

      expect((await shop().row(invoice))?.late_fee_cents).toBe('5500')
      expect((await runner.ledger.verify()).ok).toBe(false)
      await close()
    })

    it('refuses a decision that was edited in the ledger file', async () => {
      const { approved, ledger, again, invoice, close } = await openLoop(shop())
      const { id } = await approved()
      await tamper(ledger, id, (body) => body.replace('dana', 'erin'), 'proposal.approved')

      await expect(again().apply(id)).rejects.toMatchObject({ code: 'INTEGRITY' })
      expect((await shop().row(invoice))?.late_fee_cents).toBe('5500')
      await close()
    })

    it('compares every reviewed column where there is no version column', async () => {
      const weak = { propose: { conflict_guard: { weak_guard_ack: true } } }
      const { runner, approved, invoice, close } = await openLoop(shop(), weak)
      const moved = await approved()
      await shop().run(`update invoices set customer = 'Bea' where id = '${invoice}'`)
      expect((await runner.apply(moved.id)).status).toBe('conflict')

      const { id } = await approved({ reason: 'again' })
      expect((await runner.apply(id)).status).toBe('applied')
      await close()
    })

    it('catches a trigger that changes the row behind the statement', async () => {
      const { runner, approved, invoice, close } = await openLoop(shop())
      await shop().run(meddlingTrigger(shop().engine))
      try {
        const { id } = await approved()
        const before = await shop().contents()
        const receipts = await shop().receipts()

        const receipt = await runner.apply(id)

        expect(receipt).toMatchObject({ status: 'failed', safe_error_code: 'AFTER_IMAGE_MISMATCH' })
        expect(await shop().contents()).toBe(before)
        expect(await shop().receipts()).toBe(receipts)
        expect((await shop().row(invoice))?.late_fee_cents).toBe('5500')
      } finally {
        await shop().run(dropTrigger(shop().engine))
      }
      await close()
    })

    it('keeps the weaker promise of runner_ledger', async () => {
      const alone = { source: { receipts: { authority: 'runner_ledger' } } }
      const { runner, approved, invoice, close } = await openLoop(shop(), alone)
      const { id } = await approved()

      expect((await runner.apply(id)).status).toBe('applied')
      expect((await runner.apply(id)).status).toBe('already_applied')
      expect((await shop().row(invoice))?.late_fee_cents).toBe('0')
      await expect(runner.migrate('shop')).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' })
      await close()
    })
  })

  describe('jobs', () => {
    it('applies an exported job through the ledger that issued it, once', async () => {
      const { runner, approved, close } = await openLoop(shop())
      const { id } = await approved()
      const job = await runner.exportJob(id)

      expect((await runner.applyJob(structuredClone(job))).status).toBe('applied')
      expect((await runner.applyJob(job)).status).toBe('already_applied')
      await close()
    })

    it('refuses a job with any field edited', async () => {
      const { runner, approved, invoice, close } = await openLoop(shop())
      const { id } = await approved()
      const job = await runner.exportJob(id)

      for (const edited of everyEdit(job)) {
        await expect(runner.applyJob(edited)).rejects.toMatchObject({
          code: expect.stringMatching(/^(INTEGRITY|INVALID_ARGUMENT)$/),
        })
      }
      expect((await shop().row(invoice))?.late_fee_cents).toBe('5500')
      await close()
    })
  })
}

/** The document with each of its leaves changed in turn, and with a key added. */
function* everyEdit(document: object): Generator<unknown> {
  yield { ...document, extra: true }
  for (const path of leaves(document)) {
    const copy: unknown = structuredClone(document)
    let place = copy as Record<string, unknown>
    for (const key of path.slice(0, -1)) place = place[key] as Record<string, unknown>
    const last = path.at(-1) ?? ''
    place[last] = changed(place[last] as JsonScalar)
    yield copy
  }
}

function leaves(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([key, each]) => leaves(each, [...path, key]))
}

function changed(value: JsonScalar): JsonScalar {
  if (typeof value === 'number') return value + 1
  return typeof value === 'string' ? `${value}0` : 'edited'
}

function meddlingTrigger(engine: Shop['engine']): string {
  if (engine === 'postgres') {
    return `create function meddle() returns trigger language plpgsql as $$ begin
        if pg_trigger_depth() = 1 then update invoices set late_fee_cents = 777 where id = new.id; end if; return null; end $$;
      grant execute on function meddle() to public;
      create trigger meddling after update on invoices for each row execute function meddle()`
  }
  if (engine === 'mysql') {
    return 'create trigger meddling before update on invoices for each row set new.late_fee_cents = 777'
  }
  return `create trigger meddling after update on invoices when new.late_fee_cents <> 777
    begin update invoices set late_fee_cents = 777 where id = new.id; end`
}

function dropTrigger(engine: Shop['engine']): string {
  return engine === 'postgres' ? 'drop trigger meddling on invoices; drop function meddle()' : 'drop trigger meddling'
}
