import { chmodSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openSqlite } from '../../../src/drivers/sqlite-library.js'
import { createRunner, loadConfig, type Runtime } from '../../../src/index.js'
import { createDesk, type Desk } from '../../support/cli.js'
import { DESK_CONTRACT } from '../../support/cli-contract.js'
import { editLedger } from '../../support/edit-ledger.js'

let desk: Desk

const [inspect, waive] = DESK_CONTRACT.capabilities

/** The change goes to the app, by an executor of each kind. */
const CONTRACT = {
  capabilities: [
    inspect,
    { ...waive, writeback: { mode: 'app_handler', executor: 'over_http' }, executor: 'over_http' },
    {
      ...waive,
      name: 'billing.propose_by_program',
      writeback: { mode: 'app_handler', executor: 'by_program' },
      executor: 'by_program',
    },
    {
      ...waive,
      name: 'billing.propose_by_function',
      writeback: { mode: 'app_handler', executor: 'by_function' },
      executor: 'by_function',
    },
  ],
  executors: {
    over_http: { type: 'http_handler', url_env: 'HANDLER_URL' },
    by_program: { type: 'command_handler', command_env: 'HANDLER_COMMAND' },
    by_function: { type: 'function' },
  },
  workflows: [],
}

beforeEach(async () => {
  desk = await createDesk(CONTRACT)
})

afterEach(() => desk.close())

async function executors(env: Readonly<Record<string, string>>, runtime: Pick<Runtime, 'executors'> = {}) {
  const runner = createRunner(loadConfig(join(desk.folder, 'synapsor.runner.json')), { env, ...runtime })
  const findings = await runner.doctor()
  await runner.close()
  const told = JSON.stringify(findings)
  const ofExecutors = findings.filter(({ name }) => name.startsWith('executor:'))
  return {
    told,
    found: Object.fromEntries(ofExecutors.map(({ name, severity, reason }) => [name, reason ?? severity])),
  }
}

it('finds executors that cannot be reached, by whatever way', async () => {
  const env = { HANDLER_URL: 'http://127.0.0.1:9/canary-path', HANDLER_COMMAND: '/nowhere/canary-program' }

  const { told, found } = await executors(env)

  expect(found).toEqual({
    'executor:over_http': 'EXECUTOR_UNAVAILABLE',
    'executor:by_program': 'EXECUTOR_UNAVAILABLE',
    'executor:by_function': 'EXECUTOR_UNAVAILABLE',
  })
  expect(told).not.toContain('canary')
})

it('finds executors that can be reached, and delivers nothing to them', async () => {
  const heard: string[] = []
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (data) => {
      heard.push(String(data).split(' ')[0] ?? '')
      socket.end('HTTP/1.1 405 Method Not Allowed\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  try {
    const env = { HANDLER_URL: `http://127.0.0.1:${port}/writeback`, HANDLER_COMMAND: process.execPath }
    const by_function = async () => {
      throw new Error('The doctor delivered something.')
    }

    const { found } = await executors(env, { executors: { by_function } })

    expect(found).toEqual({ 'executor:over_http': 'ok', 'executor:by_program': 'ok', 'executor:by_function': 'ok' })
    expect(heard.filter((verb) => ['POST', 'PUT', 'PATCH'].includes(verb))).toEqual([])
  } finally {
    server.close()
  }
})

it('finds a ledger whose newest entry was changed', async () => {
  await desk.agent().propose('billing.propose_late_fee_waiver', { invoice_id: 'INV-3001', reason: 'Sent elsewhere.' })
  await editLedger(
    join(desk.folder, '.synapsor', 'local.db'),
    `update entries set body = replace(body, 'Sent elsewhere.', 'Paid in full..')`,
  )

  const found = (await desk.runner.doctor()).filter(({ name }) => name === 'ledger')

  expect(found).toContainEqual(
    expect.objectContaining({ severity: 'error', reason: 'LEDGER_BROKEN', code: 'INTEGRITY' }),
  )
})

it('warns of a ledger that other users can read', async () => {
  await desk.agent().inspect('billing.inspect_invoice', { invoice_id: 'INV-3001' })
  chmodSync(join(desk.folder, '.synapsor', 'local.db'), 0o644)

  const found = (await desk.runner.doctor()).filter(({ name, severity }) => name === 'ledger' && severity !== 'ok')

  expect(found.map(({ reason }) => reason)).toEqual(['LEDGER_OPEN_TO_OTHERS'])
})

it('finds a connection of the host that was given to read and can write', async () => {
  const file = join(desk.folder, 'shop.db')
  const connection = await openSqlite(file, { mode: 'write', busy_timeout_ms: 1000 })
  const runner = desk.open({ connections: { shop: { reader: connection, writer: connection } } })
  const found = await runner.doctor({ source: 'shop' })
  await runner.close()
  connection.close()

  expect(found).toContainEqual(
    expect.objectContaining({ name: 'reader:shop', severity: 'error', reason: 'READER_CAN_WRITE' }),
  )
})
