import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRunner, type Runner } from '../../../src/index.js'

/** A database behind a port that takes connections and never says a word. */
describe('a source that does not answer', () => {
  const sockets = new Set<Socket>()
  let server: Server
  let runner: Runner
  beforeEach(async () => {
    server = createServer((socket) => sockets.add(socket).size)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    runner = createRunner(
      {
        version: 1,
        mode: 'read_only',
        sources: { shop: { engine: 'postgres', read_url_env: 'SHOP_READ_URL', statement_timeout_ms: 60_000 } },
        capabilities: [
          {
            name: 'billing.inspect_invoice',
            kind: 'read',
            source: 'shop',
            target: { table: 'invoices', primary_key: 'id', tenant_key: 'tenant_id' },
            args: { invoice_id: { type: 'string', max_length: 64 } },
            lookup: { id_from_arg: 'invoice_id' },
            visible_columns: ['id'],
            max_rows: 1,
          },
        ],
      },
      { env: { SHOP_READ_URL: `postgres://reader:secret@127.0.0.1:${port}/shop` }, ledger: ':memory:' },
    )
  })
  afterEach(async () => {
    for (const socket of sockets) socket.destroy()
    sockets.clear()
    await new Promise((resolve) => server.close(resolve))
    await runner.close()
  })

  it('is told as busy, while the rest is told as it is', async () => {
    expect(await runner.ready()).toEqual([
      { name: 'ledger', ok: true },
      { name: 'source:shop', ok: false, code: 'BUSY' },
    ])
  })

  it('is asked once, however many ask', async () => {
    await Promise.all([runner.ready(), runner.ready(), runner.ready()])

    expect(sockets.size).toBe(1)
  })
})
