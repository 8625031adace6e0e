import { createServer } from 'node:net'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectionOptions } from '../../../src/drivers/connection-options.js'
import type { Driver, DriverOptions } from '../../../src/drivers/driver.js'
import { openDriver } from '../../../src/drivers/open-driver.js'
import { addRow, type CaseTable, changeOf, makeTable, readOf } from '../../../src/testing/driver-world.js'
import { openPostgresWorld, type PostgresDriverWorld } from './postgres-world.js'

let world: PostgresDriverWorld
let table: CaseTable
const opened: Driver[] = []

beforeAll(async () => {
  world = await openPostgresWorld()
  table = await makeTable(world, { note: 'text', at: 'instant' })
  await addRow(table, 'INV-1', { note: 'old', at: '2026-01-02T03:04:05.123456Z' })
})

afterAll(async () => {
  await Promise.all(opened.map((driver) => driver.close()))
  await world?.close()
})

async function open(options: Partial<DriverOptions>): Promise<Driver> {
  const driver = await openDriver('postgres', { ...world.options, ...options })
  opened.push(driver)
  return driver
}

function changed(url: string | undefined, change: (url: URL) => void): string {
  const next = new URL(url ?? '')
  change(next)
  return next.href
}

describe('a database that cannot be used', () => {
  it.each([
    ['a wrong password', 'SOURCE_AUTH', (url: URL) => (url.password = 'wrong')],
    ['no such role', 'SOURCE_AUTH', (url: URL) => (url.username = 'nobody_at_all')],
    ['no such database', 'SOURCE_UNAVAILABLE', (url: URL) => (url.pathname = '/no_such_database')],
    ['no such host', 'SOURCE_UNAVAILABLE', (url: URL) => (url.hostname = 'no-such-host.invalid')],
    ['nobody at the port', 'SOURCE_UNAVAILABLE', (url: URL) => (url.port = '1')],
    ['no TLS where it is asked for', 'SOURCE_TLS', (url: URL) => url.searchParams.set('sslmode', 'require')],
  ])('is told by code: %s', async (_what, code, change) => {
    const tls = { verify: true, required: false }
    const driver = await open({ reader_url: changed(world.options.reader_url, change), tls })
    // Servers that trust everybody on this machine cannot tell a wrong password.
    const error = await driver.describe(table.ref).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    if (code === 'SOURCE_AUTH' && error === undefined) return
    expect(error).toMatchObject({ code })
    expect(String(error)).not.toMatch(/:\/\/|wrong|nobody_at_all/)
  })

  it('is told by code: no URL, and a URL that is none', async () => {
    const { writer_url: _, ...readOnly } = world.options
    const driver = await openDriver('postgres', { ...readOnly, writer_env: 'SHOP_WRITE_URL' })
    opened.push(driver)
    const missing = driver.findReceipt(world.receipts, 'key')
    await expect(missing).rejects.toMatchObject({ code: 'ENV_MISSING', details: { env: 'SHOP_WRITE_URL' } })

    const odd = await open({ reader_url: 'not a url with canary' })
    const error = await odd.describe(table.ref).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'SOURCE_UNAVAILABLE' })
    expect(JSON.stringify(error)).not.toContain('canary')
  })

  it('is not awaited for ever: a server that says nothing', async () => {
    const silent = createServer(() => {})
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const address = silent.address()
    const port = typeof address === 'object' ? String(address?.port) : ''
    const reader_url = changed(world.options.reader_url, (url) => {
      url.host = `127.0.0.1:${port}`
    })
    const driver = await open({ reader_url, pool: { acquire_timeout_ms: 300 } })
    await expect(driver.describe(table.ref)).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' })
    silent.close()
  })

  it('is told by code: a statement that takes too long, and a pool in which nothing comes free', async () => {
    const driver = await open({ pool: { max: 1, acquire_timeout_ms: 200 }, statement_timeout_ms: 1000 })
    const read = readOf(table)
    const slow = { ...read, columns: [], text: 'select pg_sleep(5)::text' }
    const waiting = driver.read(slow, []).catch((reason: unknown) => reason)
    await new Promise((resolve) => setTimeout(resolve, 100))
    await expect(driver.read(read, ['INV-1', 'acme'])).rejects.toMatchObject({ code: 'BUSY' })
    expect(await waiting).toMatchObject({ code: 'BUSY' })
    expect(await driver.read(read, ['INV-1', 'acme'])).toHaveLength(1)
  })

  it('is told by code: what the roles may not do', async () => {
    const closed = await makeTable(world, { note: 'text' })
    await addRow(closed, 'INV-1', { note: 'old' })
    const change = await changeOf(closed, 'INV-1', { set: { note: 'new' } })
    await world.sql(`revoke all on ${closed.ref.table} from ${world.writerName}, ${world.readerName}`)
    await expect(world.driver.update(change)).rejects.toMatchObject({ code: 'SOURCE_FORBIDDEN' })
    const read = readOf(closed)
    await expect(world.driver.read(read, ['INV-1', 'acme'])).rejects.toMatchObject({ code: 'SOURCE_FORBIDDEN' })
  })

  it('never lets the reader write', async () => {
    const driver = await open({ writer_url: world.options.reader_url ?? '' })
    const reader = await open({ reader_url: world.options.writer_url ?? '' })
    const change = await changeOf(table, 'INV-1', { set: { note: 'new' } })
    await expect(driver.update(change)).rejects.toMatchObject({ code: expect.stringMatching(/FORBIDDEN|PRECONDITION/) })
    const write = { ...readOf(table), columns: [], text: `update ${table.ref.table} set note = 'x'` }
    await expect(reader.read(write, [])).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' })
  })
})

describe('the settings of a session', () => {
  it('win over those of the role, the database and the URL', async () => {
    await world.sql(`alter role ${world.readerName} set timezone = 'Asia/Tokyo'`)
    await world.sql(`alter role ${world.readerName} set datestyle = 'German'`)
    const reader_url = changed(world.options.reader_url, (url) => {
      url.searchParams.set('options', '-c timezone=Asia/Tokyo')
      url.searchParams.set('statement_timeout', '0')
    })
    const driver = await open({ reader_url })
    const [row] = await driver.read(readOf(table), ['INV-1', 'acme'])
    expect(row?.at?.text).toBe('2026-01-02 03:04:05.123456+00')
    await world.sql(`alter role ${world.readerName} reset all`)
  })
})

describe('pools of the host', () => {
  function pool(role: 'reader' | 'writer', options: pg.PoolConfig): pg.Pool {
    const made = new pg.Pool({ connectionString: world.options[`${role}_url`], max: 2, ...options })
    made.on('error', () => {})
    return made
  }

  it('are used as they are, and left open', async () => {
    const reader = pool('reader', connectionOptions('postgres', 'reader'))
    const writer = pool('writer', connectionOptions('postgres', 'writer'))
    const driver = await openDriver('postgres', {
      name: 'shop',
      connections: { reader, writer },
      statement_timeout_ms: 3000,
    })
    const mine = await makeTable({ ...world, driver }, { note: 'text' })
    await addRow(mine, 'INV-1', { note: 'old' })
    const change = await changeOf(mine, 'INV-1', { set: { note: 'new' } })
    expect(await driver.update(change)).toMatchObject({ outcome: 'applied' })
    await driver.close()
    expect((await reader.query('select 1')).rowCount).toBe(1)
    await Promise.all([reader.end(), writer.end()])
  })

  it('are refused when their sessions are not pinned', async () => {
    const options = { ...connectionOptions('postgres', 'reader'), options: '-c timezone=Asia/Tokyo' }
    const reader = pool('reader', options)
    const connections = { reader, writer: reader }
    const driver = await openDriver('postgres', { name: 'shop', connections, statement_timeout_ms: 3000 })
    await expect(driver.describe(table.ref)).rejects.toMatchObject({
      code: 'PRECONDITION_FAILED',
      details: { settings: expect.arrayContaining(['TimeZone', 'default_transaction_read_only']) },
    })
    await reader.end()
  })

  it('are refused when they are something else', async () => {
    const connections = { reader: {}, writer: 'postgres://' }
    const driver = await openDriver('postgres', { name: 'shop', connections, statement_timeout_ms: 3000 })
    await expect(driver.describe(table.ref)).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' })
  })
})
