import { createServer } from 'node:net'
import { CALLER, type Shop, withShop } from './shop.js'

const INIT = 'init --path shop.db --table invoices --yes --patch late_fee_cents=fixed:0 --object-id INV-3001'

/** What `docs/troubleshooting.md` shows: what somebody meets who begins. */
export function printedOfFirstRun(): Promise<ReadonlyMap<string, string>> {
  return withShop(async (shop) => {
    const blocks = { ...(await beforeContract(shop)), ...(await withContract(shop)), ...(await brokenContract(shop)) }
    return new Map(Object.entries(blocks))
  })
}

async function beforeContract({ type }: Shop) {
  const inspect = 'inspect --from-env DATABASE_URL'
  return {
    no_contract: await type('doctor'),
    url: await type('inspect postgres://app:password@db.example.com/shop'),
    unset: await type(inspect),
    unreachable: await type(inspect, { DATABASE_URL: 'postgres://app:password@127.0.0.1:1/shop' }),
    credential: await answered(WRONG_PASSWORD, (url) => type(inspect, { DATABASE_URL: url })),
    tls: await answered(NO_TLS, (url) => type(inspect, { DATABASE_URL: `${url}?sslmode=verify-full` })),
    no_file: await type('inspect --path shop.sqlite'),
    no_table: await type('inspect --path shop.db --table Invoices'),
    no_key: await type('init --path shop.db --table order_lines --yes'),
    later: await type('ui'),
  }
}

/** From the first call to the first apply. */
async function withContract({ type, sql, move }: Shop) {
  await type(INIT)
  const context = await type('call invoices.inspect_invoice --sample')
  const not_found = await type('call invoices.inspect_invoice invoice_id=INV-9001', CALLER)
  await type('propose invoices.propose_invoice_update --sample', CALLER)
  const nobody = await type('proposals approve latest --as dana')
  await type(`${INIT} --approver dana --force`)
  await type('propose invoices.propose_invoice_update --sample', CALLER)
  await type('proposals approve latest --as dana')
  const receipts = await type('apply latest')
  const missing = await type('migrations apply invoices')
  await type('apply latest')
  const twice = await type('apply latest')
  move(1000)
  sql('alter table invoices rename column status to state')
  const drift = await type('call invoices.inspect_invoice --sample', CALLER)
  return { context, not_found, nobody, receipts, missing, twice, drift }
}

async function brokenContract({ type, read, write, sql }: Shop) {
  sql('alter table invoices rename column state to status')
  sql('alter table invoices add column revision integer')
  const contract = read('synapsor.runner.json')
  write('synapsor.runner.json', contract.replace(/("conflict_guard": \{\s+"column": )"version"/, '$1"revision"'))
  const version = await type('propose invoices.propose_invoice_update --sample', CALLER)
  write(
    'synapsor.runner.json',
    contract.replace('"mode": "review"', '"mode": "on"').replace('"primary_key"', '"primarykey"'),
  )
  const invalid = await type('validate')
  write('synapsor.runner.json', contract.replace(/"trusted_context": \{[\s\S]*?\}\s+\},\s+/, ''))
  return { version, invalid, no_context: await type('call invoices.inspect_invoice --sample', CALLER) }
}

/** A server of PostgreSQL that knows one answer. */
async function answered(answer: Buffer, use: (url: string) => Promise<string>): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => socket.end(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  try {
    return await use(`postgres://app:password@127.0.0.1:${port}/shop`)
  } finally {
    await new Promise((resolve) => server.close(resolve))
  }
}

/** To the question whether it speaks TLS. */
const NO_TLS = Buffer.from('N')

/** SQLSTATE 28P01, as an ErrorResponse. */
const WRONG_PASSWORD = errorResponse({ S: 'FATAL', V: 'FATAL', C: '28P01', M: 'password authentication failed' })

function errorResponse(fields: Readonly<Record<string, string>>): Buffer {
  const text = Object.entries(fields).map(([field, value]) => `${field}${value}\0`)
  const body = Buffer.from(`${text.join('')}\0`)
  const head = Buffer.alloc(5)
  head.write('E')
  head.writeUInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}
