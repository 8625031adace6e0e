import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Runtime } from '../../../src/index.js'
import { agent, type Change, lead, openLoop } from '../loop/loop.js'
import type { Shop } from '../loop/shop.js'
import { selfSigned } from './certificate.js'
import { CANARIES, keptLog, refusalOf } from './discreet.js'
import { openImpostor } from './impostor.js'
import { openRival } from './rival.js'

const [READER, WRITER] = CANARIES
/** Short waits; nothing here is slow by itself. */
const QUICK = { source: { statement_timeout_ms: 1000, pool: { acquire_timeout_ms: 3000 } } }

/** What goes wrong with a database server has a code and a sentence of its own, says no secret, and leaves nothing. */
export function serverCases(open: () => Promise<Shop>): void {
  let shop: Shop
  beforeAll(async () => {
    shop = await open()
  })
  afterAll(async () => {
    await shop?.drop()
  })

  /** The URL of a role with a canary for its password, and whatever else is changed of it. */
  const url = (role: 'READ' | 'WRITE', change: (url: URL) => void = () => undefined): string => {
    const changed = new URL(shop.env[`SHOP_${role}_URL`] ?? '')
    changed.password = role === 'READ' ? READER : WRITER
    change(changed)
    return changed.href
  }

  /** Opens a world whose proposals are made soundly, and another runner on it with a changed environment. */
  const brokenLoop = async (env: Record<string, string | undefined>, change: Change = {}) => {
    const loop = await openLoop(shop, QUICK)
    const log = keptLog()
    const runtime: Runtime = { env: { ...shop.env, ...env }, logger: log }
    return {
      loop,
      log,
      broken: loop.again({ ...QUICK, ...change, source: { ...QUICK.source, ...change.source } }, runtime),
    }
  }

  /** Reading, proposing and applying are refused with these codes, and then work again for a sound runner. */
  const expectRefusals = async (
    env: Record<string, string | undefined>,
    codes: { readonly read?: string; readonly apply?: string; readonly details?: object },
    change: Change = {},
  ): Promise<void> => {
    const { loop, log, broken } = await brokenLoop(env, change)
    const approved = await loop.approved()
    const [before, receipts] = [await shop.contents(), await shop.receipts()]
    const refused = (work: () => unknown) => refusalOf(work, { log: log.lines })
    const details = { code: codes.read, details: expect.objectContaining(codes.details ?? {}) }
    const invoice = { invoice_id: loop.invoice }

    if (codes.read !== undefined) {
      const session = broken.session(agent)
      expect(await refused(() => session.inspect('billing.inspect_invoice', invoice))).toMatchObject(details)
      const proposing = () => session.propose('billing.propose_late_fee_waiver', { ...invoice, reason: 'x', fee: 1 })
      expect(await refused(proposing)).toMatchObject({ code: codes.read })
      const envelope = await session.call('billing.inspect_invoice', invoice)
      expect(envelope).toMatchObject({ ok: false, error: { code: codes.read } })
      expect(envelope).not.toHaveProperty('data')
      for (const canary of CANARIES) expect(JSON.stringify(envelope)).not.toContain(canary)
    }
    if (codes.apply !== undefined) {
      expect(await refused(() => broken.apply(approved.id))).toMatchObject({ code: codes.apply })
    }

    expect(await shop.contents()).toBe(before)
    expect(await shop.receipts()).toBe(receipts)
    expect((await loop.runner.proposals.list()).items).toHaveLength(1)
    expect((await loop.runner.proposals.get(approved.id)).status).toBe('approved')
    expect((await loop.runner.apply(approved.id)).status).toBe('applied')
    await loop.close()
  }

  describe('an environment', () => {
    it('without the URL of the reader is named', async () => {
      await expectRefusals({ SHOP_READ_URL: undefined }, { read: 'ENV_MISSING', details: { env: 'SHOP_READ_URL' } })
      await expectRefusals({ SHOP_READ_URL: ' ' }, { read: 'ENV_MISSING', details: { env: 'SHOP_READ_URL' } })
    })

    it('without the URL of the writer is enough to propose, and not to apply', async () => {
      const { loop, broken } = await brokenLoop({ SHOP_WRITE_URL: undefined })
      const proposed = await broken
        .session(agent)
        .propose('billing.propose_late_fee_waiver', { invoice_id: loop.invoice, reason: 'x', fee: 1 })
      const { id, hash } = await loop.runner.approve(proposed.id, { hash: proposed.hash, approver: lead })
      expect(hash).toBe(proposed.hash)
      expect((await loop.runner.apply(id)).status).toBe('applied')
      await loop.close()

      await expectRefusals({ SHOP_WRITE_URL: undefined }, { apply: 'ENV_MISSING' })
    })

    it('without the authority certificate is named', async () => {
      const tls = { source: { tls: { ca_env: 'SHOP_CA' } } }
      await expectRefusals({}, { read: 'ENV_MISSING', apply: 'ENV_MISSING', details: { env: 'SHOP_CA' } }, tls)
    })

    it('with the path of a certificate that is not there says so', async () => {
      const tls = { source: { tls: { ca_env: 'SHOP_CA' } } }
      const nowhere = join(shop.folder, 'nowhere.pem')
      await expectRefusals({ SHOP_CA: nowhere }, { read: 'SOURCE_TLS', apply: 'SOURCE_TLS' }, tls)
    })
  })

  describe('a server', () => {
    it.each([
      ['at a closed port', async () => ({ port: await closedPort() })],
      ['at a host that has no address', async () => ({ hostname: 'database.invalid' })],
      ['without the database', async () => ({ pathname: '/no_such_database' })],
    ])('%s cannot be reached', async (_, change) => {
      const changed = await change()
      // A server says which databases it has only to those who may log in.
      const password = 'pathname' in changed ? {} : { password: READER }
      const at = (role: 'READ' | 'WRITE') =>
        url(role, (each) => {
          each.password = new URL(shop.env[`SHOP_${role}_URL`] ?? '').password
          Object.assign(each, changed, password)
        })
      const code = 'pathname' in changed ? /^SOURCE_(UNAVAILABLE|FORBIDDEN)$/ : /^SOURCE_UNAVAILABLE$/
      await expectRefusals(
        { SHOP_READ_URL: at('READ'), SHOP_WRITE_URL: at('WRITE') },
        { read: expect.stringMatching(code), apply: expect.stringMatching(code) },
      )
    })

    it('that is named by no URL is not reached, and the text is not said back', async () => {
      for (const text of [
        `${READER}`,
        `http://user:${READER}@host/db`,
        `${shop.engine}://user:${READER}%ZZ@127.0.0.1:1/db`,
      ]) {
        await expectRefusals({ SHOP_READ_URL: text }, { read: 'SOURCE_UNAVAILABLE' })
      }
    })

    it('refuses a wrong password', async () => {
      await expectRefusals({ SHOP_READ_URL: url('READ') }, { read: 'SOURCE_AUTH' })
      await expectRefusals({ SHOP_WRITE_URL: url('WRITE') }, { apply: 'SOURCE_AUTH' })
    })

    it('without TLS is not spoken to where TLS is demanded', async () => {
      await expectRefusals({}, { read: 'SOURCE_TLS', apply: 'SOURCE_TLS' }, { source: { tls: {} } })
    })

    it.each([
      ['of an unknown authority', { host: '127.0.0.1', name: '127.0.0.1', trusted: false }],
      ['for another name', { host: 'localhost', name: 'elsewhere.example', trusted: true }],
      ['for a name where an address was dialled', { host: '127.0.0.1', name: 'localhost', trusted: true }],
    ])('with a certificate %s is told nothing', async (_, { host, name, trusted }) => {
      const certificate = selfSigned(name)
      const impostor = await openImpostor(shop.engine === 'mysql' ? 'mysql' : 'postgres', certificate)
      const file = join(shop.folder, 'authority.pem')
      writeFileSync(file, certificate.cert)
      const at = (role: 'READ' | 'WRITE') =>
        url(role, (each) => Object.assign(each, { hostname: host, port: String(impostor.port) }))

      await expectRefusals(
        { SHOP_READ_URL: at('READ'), SHOP_WRITE_URL: at('WRITE'), SHOP_CA: file },
        { read: 'SOURCE_TLS', apply: 'SOURCE_TLS' },
        { source: { tls: trusted ? { ca_env: 'SHOP_CA' } : {} } },
      )

      expect(Buffer.concat(impostor.heard).toString('latin1')).toBe('')
      await impostor.close()
    })

    it('that ends the connection in the middle of an apply leaves one change in the end', async () => {
      const loop = await openLoop(shop, { source: { statement_timeout_ms: 10_000 } })
      const { id } = await loop.approved()
      await using rival = await openRival(shop)
      await rival.lock(loop.invoice)

      const ended = refusalOf(() => loop.runner.apply(id))
      await rival.untilSomebodyWaits()
      await rival.endWaiting()
      expect((await ended).code).toMatch(/^(OUTCOME_UNKNOWN|SOURCE_UNAVAILABLE)$/)
      await rival.unlock()

      expect(['applied', 'already_applied']).toContain((await loop.runner.apply(id)).status)
      expect((await shop.row(loop.invoice))?.late_fee_cents).toBe('0')
      const receipts = await loop.runner.entries.list({ subject: id, type: 'receipt.recorded' })
      expect(receipts.items).toHaveLength(1)
      await loop.close()
    })
  })

  describe('a table', () => {
    it('that is gone is named', async () => {
      const elsewhere = { target: { table: 'no_such_table', primary_key: 'id', tenant_key: 'tenant_id' } }
      await expectRefusals(
        {},
        { read: 'SCHEMA_DRIFT', details: { table: 'no_such_table' } },
        { inspect: elsewhere, propose: elsewhere },
      )
    })

    it('that is gone since the approval is not applied to', async () => {
      const loop = await openLoop(shop, QUICK)
      const { id } = await loop.approved()
      await shop.run('alter table invoices rename to invoices_elsewhere')
      try {
        expect(await refusalOf(() => loop.runner.apply(id))).toMatchObject({ code: 'SCHEMA_DRIFT' })
      } finally {
        await shop.run('alter table invoices_elsewhere rename to invoices')
      }
      await loop.close()
    })

    it('without a column that the contract reads names the column', async () => {
      const columns = { visible_columns: ['id', 'no_such_column'] }
      await expectRefusals(
        {},
        { read: 'SCHEMA_DRIFT', details: { column: 'no_such_column' } },
        { inspect: columns, propose: columns },
      )
    })
  })

  describe('a grant', () => {
    const reader = () => new URL(shop.env.SHOP_READ_URL ?? '').username
    const writer = () => new URL(shop.env.SHOP_WRITE_URL ?? '').username
    const on = (table: string) =>
      shop.engine === 'mysql' ? `${new URL(shop.env.SHOP_READ_URL ?? '').pathname.slice(1)}.*` : table

    /** Takes a right away for as long as the work takes. */
    const without = async (right: string, table: string, from: string, work: () => Promise<void>): Promise<void> => {
      await shop.run(`revoke ${right} on ${on(table)} from ${from}`)
      try {
        await work()
      } finally {
        await shop.run(`grant ${right} on ${on(table)} to ${from}`)
      }
    }

    it('that the reader lacks is refused by the server', async () => {
      const loop = await openLoop(shop, QUICK)
      await without('select', 'invoices', reader(), async () => {
        const session = loop.again(QUICK).session(agent)
        const reading = () => session.inspect('billing.inspect_invoice', { invoice_id: loop.invoice })
        expect((await refusalOf(reading)).code).toBe('SOURCE_FORBIDDEN')
      })
      await loop.close()
    })

    it.each([
      ['change the row', 'invoices', 'update'],
      ['leave a receipt', 'synapsor_writeback_receipts', 'insert'],
    ])('to %s that the writer lacks leaves nothing half written', async (_, table, right) => {
      const loop = await openLoop(shop, QUICK)
      const { id } = await loop.approved()
      const [before, receipts] = [await shop.contents(), await shop.receipts()]
      const columns = right === 'update' && shop.engine === 'postgres' ? UPDATE_COLUMNS : right

      await without(columns, table, writer(), async () => {
        const runner = loop.again(QUICK)
        expect((await refusalOf(() => runner.apply(id))).code).toBe('SOURCE_FORBIDDEN')
      })

      expect(await shop.contents()).toBe(before)
      expect(await shop.receipts()).toBe(receipts)
      expect((await loop.again(QUICK).apply(id)).status).toBe('applied')
      await loop.close()
    })

    it('to look at receipts that the writer lacks is no reason to forget one', async () => {
      if (shop.engine === 'mysql') return
      const loop = await openLoop(shop, QUICK)
      const { id } = await loop.approved()
      await loop.runner.apply(id)
      await without('select', 'synapsor_writeback_receipts', writer(), async () => {
        expect((await loop.again(QUICK).apply(id)).status).toBe('already_applied')
      })
      await loop.close()
    })

    it('is no receipts table: its absence has a code of its own', async () => {
      const loop = await openLoop(shop, QUICK)
      const { id } = await loop.approved()
      const before = await shop.contents()
      await shop.run('alter table synapsor_writeback_receipts rename to receipts_elsewhere')
      try {
        const error = await refusalOf(() => loop.again(QUICK).apply(id))
        expect(error).toMatchObject({ code: 'RECEIPTS_MISSING', next: expect.stringContaining('migrate') })
      } finally {
        await shop.run('alter table receipts_elsewhere rename to synapsor_writeback_receipts')
      }
      expect(await shop.contents()).toBe(before)
      expect((await loop.again(QUICK).apply(id)).status).toBe('applied')
      await loop.close()
    })
  })

  describe('a wait', () => {
    it('for a row that a rival holds ends as busy, and the same call works later', async () => {
      const loop = await openLoop(shop, { source: { statement_timeout_ms: 2500 } })
      const { id } = await loop.approved()
      const receipts = await shop.receipts()
      await using rival = await openRival(shop)
      await rival.lock(loop.invoice)

      const error = await refusalOf(() => loop.runner.apply(id))

      expect(error).toMatchObject({ code: 'BUSY', retry: 'same_request' })
      await rival.unlock()
      expect(await shop.receipts()).toBe(receipts)
      expect((await loop.runner.proposals.get(id)).status).toBe('approved')
      expect((await loop.runner.apply(id)).status).toBe('applied')
      await loop.close()
    })

    it('for a statement that takes too long ends as busy, and leaves nothing', async () => {
      const loop = await openLoop(shop, QUICK)
      await shop.run(SLOW[shop.engine])
      try {
        const { id } = await loop.approved()
        const [before, receipts] = [await shop.contents(), await shop.receipts()]

        expect(await refusalOf(() => loop.runner.apply(id))).toMatchObject({ code: 'BUSY', retry: 'same_request' })

        // What the server still does with the connection that was given up, it has done soon.
        await sleep(50)
        expect(await shop.contents()).toBe(before)
        expect(await shop.receipts()).toBe(receipts)
      } finally {
        await shop.run(
          shop.engine === 'postgres' ? 'drop trigger slow on invoices; drop function slow()' : 'drop trigger slow',
        )
      }
      await loop.close()
    })
  })
}

const UPDATE_COLUMNS = 'update (late_fee_cents, waiver_reason, status, amount, updated_at)'

const SLOW: Record<Shop['engine'], string> = {
  postgres: `create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(5); return new; end $$;
    create trigger slow before update on invoices for each row execute function slow()`,
  mysql: 'create trigger slow before update on invoices for each row do sleep(5)',
  sqlite: '',
}

/** A port that was free a moment ago, and that nobody listens on. */
function closedPort(): Promise<string> {
  return new Promise((resolve) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(String(typeof address === 'object' ? address?.port : 0)))
    })
  })
}
