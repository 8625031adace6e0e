import { chmodSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSqlite } from '../../../src/drivers/sqlite-library.js'
import type { Ledger } from '../../../src/index.js'
import { openSqliteLedger } from '../../../src/ledger/sqlite.js'
import { agent, type Loop, lead, openLoop } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import { keptLog, refusalOf } from './discreet.js'

/** Marks a file as a ledger, whatever its schema. */
const LEDGER_MARK = 'pragma application_id = 1400467020'

describe('bad luck with the ledger', () => {
  let shop: Shop
  beforeAll(async () => {
    shop = await openSqliteShop()
  })
  afterAll(async () => {
    await shop?.drop()
  })

  let places = 0
  const place = (): string => join(shop.folder, `place-${++places}`, 'ledger.db')

  /** Nothing is told to a model, proposed, decided or applied over this ledger, and the source stays as it is. */
  const expectClosed = async (ledger: string | Ledger, expected: Readonly<Record<string, unknown>>): Promise<void> => {
    const loop: Loop = await openLoop(shop)
    const { id, hash } = await loop.propose()
    const [before, receipts] = [await shop.contents(), await shop.receipts()]
    const logger = keptLog()
    const { lines } = logger
    const runner = loop.again({}, { ledger, logger })
    const session = runner.session(agent)
    const invoice = { invoice_id: loop.invoice }

    const verbs: readonly (() => unknown)[] = [
      () => session.inspect('billing.inspect_invoice', invoice),
      () => session.propose('billing.propose_late_fee_waiver', { ...invoice, reason: 'x', fee: 1 }),
      () => runner.approve(id, { hash, approver: lead }),
      () => runner.apply(id),
      () => runner.reconcile(id),
      () => runner.replay(id),
      () => runner.proposals.list(),
      () => runner.ledger.verify(),
    ]
    for (const verb of verbs) expect(await refusalOf(verb)).toMatchObject(expected)
    const envelope = await session.call('billing.inspect_invoice', invoice)
    const { next: _, ...kind } = expected
    expect(envelope).toMatchObject({ ok: false, error: kind })
    expect(envelope).not.toHaveProperty('data')
    // Where the ledger is and what mends it, the log and the operator are told and a model does not hear.
    const record = await refusalOf(() => session.toolset().loadRecord('evidence', 'ev_1'))
    for (const told of [envelope.error, record]) expect(told?.next).toBe('Try again later, or tell the operator.')
    expect(envelope.summary).toContain('Try again later, or tell the operator.')
    for (const told of [envelope, record.toJSON()]) expect(JSON.stringify(told)).not.toContain(shop.folder)
    if (typeof ledger === 'string' && envelope.error?.code === 'LEDGER_UNAVAILABLE') {
      expect(lines.filter((line) => line.includes(ledger))).toHaveLength(1)
    }

    expect(await shop.contents()).toBe(before)
    expect(await shop.receipts()).toBe(receipts)
    await loop.close()
  }

  const unavailable = (next: RegExp) => ({ code: 'LEDGER_UNAVAILABLE', next: expect.stringMatching(next) })

  it('a folder in its place is refused', async () => {
    const path = place()
    mkdirSync(path, { recursive: true })
    await expectClosed(path, unavailable(/Name a file/))
  })

  it('a file in the place of its folder is refused', async () => {
    const path = place()
    writeFileSync(dirname(path), 'a file')
    await expectClosed(path, unavailable(/is a file and not a folder/))
  })

  it('a file that is no database is refused, and left as it is', async () => {
    const path = place()
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, 'It was a dark and stormy night. '.repeat(200))
    await expectClosed(path, unavailable(/not a ledger/))
  })

  it("another program's database is refused, and left as it is", async () => {
    const path = place()
    await makeDatabase(path, 'create table songs (title text)')
    await expectClosed(path, unavailable(/another program/))
    expect(await tablesOf(path)).toEqual(['songs'])
  })

  it('a file that may only be read is refused', async () => {
    const path = place()
    await makeLedger(shop, path)
    chmodSync(path, 0o444)
    chmodSync(dirname(path), 0o555)
    chmodSync(shop.folder, 0o755)
    const known = await withoutRights(async () => {
      const ledger = openSqliteLedger({ path })
      const error = await refusalOf(() =>
        ledger.countRefusal({ minute: 'm', tenant_id: 't', capability: 'c', code: 'x' }),
      )
      await ledger.close()
      return error
    })
    chmodSync(dirname(path), 0o755)
    expect(known).toMatchObject(unavailable(/writable|read-only/))
  })

  it('a folder that may not be written is refused', async () => {
    const path = place()
    mkdirSync(dirname(path), { recursive: true })
    chmodSync(dirname(path), 0o555)
    chmodSync(shop.folder, 0o755)
    const known = await withoutRights(async () => {
      const ledger = openSqliteLedger({ path })
      const error = await refusalOf(() => ledger.listProposals({}, new Date().toISOString()))
      await ledger.close()
      return error
    })
    chmodSync(dirname(path), 0o755)
    expect(known).toMatchObject(unavailable(/writable/))
  })

  it('the schema of a newer version is refused', async () => {
    const path = place()
    await makeLedger(shop, path)
    await change(path, 'pragma user_version = 99')
    await expectClosed(path, { code: 'LEDGER_TOO_NEW', retry: 'never', next: expect.stringContaining('Update') })
  })

  it('the schema of an older version is refused until it is migrated, and never by itself', async () => {
    const path = place()
    await makeDatabase(path, `create table older (x); ${LEDGER_MARK}`)
    await expectClosed(path, { code: 'LEDGER_OUTDATED', next: expect.stringContaining('migrate') })
    expect(await tablesOf(path)).toEqual(['older'])

    const loop = await openLoop(shop)
    const runner = loop.again({}, { ledger: path })
    await runner.ledger.migrate()
    const session = runner.session(agent)
    expect(await session.inspect('billing.inspect_invoice', { invoice_id: loop.invoice })).toMatchObject({
      row_count: 1,
    })
    expect(await runner.ledger.verify()).toMatchObject({ ok: true })
    await loop.close()
  })

  it('a lock that another one does not give back ends as busy, and the same call works later', async () => {
    const path = place()
    await makeLedger(shop, path)
    const rival = await openSqlite(path, { mode: 'write' })
    rival.exec('begin exclusive')
    const loop = await openLoop(shop, {}, { ledger: openSqliteLedger({ path, busy_timeout_ms: 100 }) })
    const session = loop.runner.session(agent)
    const reading = () => session.inspect('billing.inspect_invoice', { invoice_id: loop.invoice })

    expect(await refusalOf(reading)).toMatchObject({ code: 'BUSY', retry: 'same_request' })
    expect(await refusalOf(() => loop.propose())).toMatchObject({ code: 'BUSY' })

    rival.exec('rollback')
    rival.close()
    expect(await reading()).toMatchObject({ row_count: 1 })
    expect((await loop.runner.proposals.list()).items).toEqual([])
    await loop.close()
  })

  it('a lock that comes between approval and apply leaves the row alone', async () => {
    const path = place()
    await makeLedger(shop, path)
    const loop = await openLoop(shop, {}, { ledger: openSqliteLedger({ path, busy_timeout_ms: 100 }) })
    const { id } = await loop.approved()
    const rival = await openSqlite(path, { mode: 'write' })
    rival.exec('begin exclusive')

    expect(await refusalOf(() => loop.runner.apply(id))).toMatchObject({ code: 'BUSY' })

    expect((await shop.row(loop.invoice))?.late_fee_cents).toBe('5500')
    rival.exec('rollback')
    rival.close()
    expect((await loop.runner.apply(id)).status).toBe('applied')
    await loop.close()
  })

  it('a ledger that was replaced while it is open takes no decision', async () => {
    const path = place()
    await makeLedger(shop, path)
    const loop = await openLoop(shop, {}, { ledger: path })
    const { id, hash } = await loop.propose()
    const copy = `${path}-copy`
    await change(path, `vacuum into '${copy}'`)
    renameSync(copy, path)

    const approving = () => loop.runner.approve(id, { hash, approver: lead })

    expect(await refusalOf(approving)).toMatchObject(unavailable(/moved, removed or replaced/))
    expect(await refusalOf(() => loop.runner.apply(id))).toMatchObject({ code: 'NOT_APPROVED' })
    await loop.close()
  })
})

async function makeLedger(shop: Shop, path: string): Promise<void> {
  const loop = await openLoop(shop, {}, { ledger: path })
  await loop.runner.proposals.list()
  await loop.close()
}

async function makeDatabase(path: string, sql: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true })
  const database = await openSqlite(path, { mode: 'create' })
  database.exec(sql)
  database.close()
}

async function change(path: string, sql: string): Promise<void> {
  const database = await openSqlite(path, { mode: 'write' })
  database.exec(sql)
  database.close()
}

async function tablesOf(path: string): Promise<readonly string[]> {
  const database = await openSqlite(path, { mode: 'read' })
  const names = database.prepare("select name from sqlite_schema where type = 'table'").all()
  database.close()
  return names.map(({ name }) => String(name))
}

const NOBODY = 65_534

/** Runs `work` as somebody whom the modes of files bind: the administrator may write whatever they say. */
async function withoutRights<Result>(work: () => Promise<Result>): Promise<Result> {
  if (process.geteuid?.() !== 0) return work()
  process.seteuid?.(NOBODY)
  try {
    return await work()
  } finally {
    process.seteuid?.(0)
  }
}
