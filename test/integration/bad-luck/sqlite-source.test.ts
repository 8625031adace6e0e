import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSqlite } from '../../../src/drivers/sqlite-library.js'
import { agent, openLoop } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import { refusalOf } from './discreet.js'

const QUICK = { source: { statement_timeout_ms: 200 } }

describe('bad luck with an sqlite source', () => {
  let shop: Shop
  beforeAll(async () => {
    shop = await openSqliteShop()
  })
  afterAll(async () => {
    await shop?.drop()
  })

  const file = () => String(shop.source.path)

  describe('a file', () => {
    it.each([
      ['that is not there', () => join(shop.folder, 'nowhere.db')],
      ['in a folder that is not there', () => join(shop.folder, 'nowhere', 'shop.db')],
      ['that is a folder', () => makeFolder(join(shop.folder, 'folder.db'))],
      [
        'that is no database',
        () => makeFile(join(shop.folder, 'novel.db'), 'It was a dark and stormy night. '.repeat(200)),
      ],
    ])('%s is unavailable, and is not created', async (_, make) => {
      const path = make()
      const loop = await openLoop(shop)
      const { id } = await loop.approved()
      const runner = loop.again({ source: { path } })
      const reading = () => runner.session(agent).inspect('billing.inspect_invoice', { invoice_id: loop.invoice })

      expect(await refusalOf(reading)).toMatchObject({ code: 'SOURCE_UNAVAILABLE' })
      expect((await refusalOf(() => runner.apply(id))).code).toBe('CONTRACT_CHANGED')

      expect((await loop.runner.proposals.get(id)).status).toBe('approved')
      expect((await loop.runner.apply(id)).status).toBe('applied')
      await loop.close()
    })

    it('that was there when the runner began is unavailable once it is gone', async () => {
      const loop = await openLoop(shop)
      const { id } = await loop.approved()
      const moved = `${file()}-moved`
      renameSync(file(), moved)
      try {
        const runner = loop.again()
        expect((await refusalOf(() => runner.apply(id))).code).toBe('SOURCE_UNAVAILABLE')
      } finally {
        renameSync(moved, file())
      }
      expect((await loop.again().apply(id)).status).toBe('applied')
      await loop.close()
    })
  })

  it('a lock of another connection ends as busy, and the same call works later', async () => {
    const loop = await openLoop(shop, QUICK)
    const { id } = await loop.approved()
    const receipts = await shop.receipts()
    const rival = await openSqlite(file(), { mode: 'write' })
    rival.exec('begin exclusive')

    const error = await refusalOf(() => loop.runner.apply(id))

    expect(error).toMatchObject({ code: 'BUSY', retry: 'same_request' })
    rival.exec('rollback')
    rival.close()
    expect(await shop.receipts()).toBe(receipts)
    expect((await loop.runner.proposals.get(id)).status).toBe('approved')
    expect((await loop.runner.apply(id)).status).toBe('applied')
    await loop.close()
  })

  it('a connection that cannot write is forbidden to apply, and enough to propose', async () => {
    const loop = await openLoop(shop)
    const { id } = await loop.approved()
    const before = await shop.contents()
    const reader = await openSqlite(file(), { mode: 'read' })
    const writer = await openSqlite(file(), { mode: 'read' })
    const runner = loop.again({}, { connections: { shop: { reader, writer } } })

    expect(await refusalOf(() => runner.apply(id))).toMatchObject({
      code: 'SOURCE_FORBIDDEN',
      next: expect.stringContaining('write'),
    })

    expect(await shop.contents()).toBe(before)
    reader.close()
    writer.close()
    expect((await loop.runner.apply(id)).status).toBe('applied')
    await loop.close()
  })

  it('a receipts table that is gone has a code of its own, and nothing is written', async () => {
    const loop = await openLoop(shop)
    const { id } = await loop.approved()
    await shop.run('alter table synapsor_writeback_receipts rename to elsewhere')
    try {
      expect(await refusalOf(() => loop.runner.apply(id))).toMatchObject({ code: 'RECEIPTS_MISSING' })
    } finally {
      await shop.run('alter table elsewhere rename to synapsor_writeback_receipts')
    }
    expect((await shop.row(loop.invoice))?.late_fee_cents).toBe('5500')
    expect((await loop.runner.apply(id)).status).toBe('applied')
    await loop.close()
  })

  it('a table that is gone is named, and one that was made again otherwise is not written', async () => {
    const loop = await openLoop(shop)
    const { id } = await loop.approved()
    await shop.run('alter table invoices rename to elsewhere')
    expect(await refusalOf(() => loop.runner.apply(id))).toMatchObject({ code: 'SCHEMA_DRIFT' })

    await shop.run('alter table elsewhere rename to invoices; alter table invoices add column extra')
    expect(await refusalOf(() => loop.runner.apply(id))).toMatchObject({ code: 'SCHEMA_DRIFT' })
    expect((await shop.row(loop.invoice))?.late_fee_cents).toBe('5500')
    await loop.close()
  })

  it('a column that is gone is named', async () => {
    const loop = await openLoop(shop, { inspect: { visible_columns: ['id', 'no_such_column'] } })
    const reading = () => loop.runner.session(agent).inspect('billing.inspect_invoice', { invoice_id: loop.invoice })

    expect(await refusalOf(reading)).toMatchObject({ code: 'SCHEMA_DRIFT', details: { column: 'no_such_column' } })
    await loop.close()
  })

  it('a connection of the host that is none is refused by its role', async () => {
    const loop = await openLoop(shop)
    const runner = loop.again({}, { connections: { shop: { reader: {}, writer: {} } } })
    const reading = () => runner.session(agent).inspect('billing.inspect_invoice', { invoice_id: loop.invoice })

    expect(await refusalOf(reading)).toMatchObject({ code: 'PRECONDITION_FAILED', details: { role: 'reader' } })
    await loop.close()
  })
})

function makeFolder(path: string): string {
  mkdirSync(path, { recursive: true })
  return path
}

function makeFile(path: string, text: string): string {
  writeFileSync(path, text)
  return path
}
