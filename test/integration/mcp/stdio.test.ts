import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { entriesFor } from '../hostile/corpus.js'
import { contractOf, type Loop, lead, openLoop } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import { INITIALIZE, INSPECT, PROPOSE, read, request } from './http-world.js'

let shop: Shop
let loop: Loop
let argv: readonly string[]
beforeAll(async () => {
  shop = await openSqliteShop()
  loop = await openLoop(shop)
  const contract = join(shop.folder, 'synapsor.runner.json')
  writeFileSync(contract, JSON.stringify(contractOf(shop)))
  const program = fileURLToPath(new URL('stdio-program.ts', import.meta.url))
  argv = ['--import', import.meta.resolve('tsx'), program, contract, loop.ledger]
})
afterAll(async () => {
  await loop.close()
  await shop.drop()
})

interface Told {
  readonly id?: unknown
  readonly error?: { readonly code: number }
}

/** A server, and what is known once it has ended. */
function start() {
  const child = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.on('error', () => undefined)
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return { child, ended, out: text(child.stdout).catch(() => ''), log: text(child.stderr) }
}

/** Sends lines, and gives what was answered. */
async function tell(lines: readonly (string | object)[], end = '\n') {
  const { child, ended, out, log } = start()
  child.stdin.end(lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n') + end)
  expect(await ended).toBe(0)
  const [printed, errors] = [(await out).trimEnd().split('\n'), await log]
  expect(printed.pop()).toBe('after it, stdout is given back')
  return { answers: printed.map((line) => JSON.parse(line) as Told), errors }
}

/** Resolves when the server has answered something. */
function answered({ stdout }: ChildProcessWithoutNullStreams): Promise<void> {
  return new Promise((resolve) => void stdout.once('data', () => resolve()))
}

describe('MCP over stdio', () => {
  it('keeps stdout to the protocol whatever else prints there, and gives it back', async () => {
    const { answers, errors } = await tell([INITIALIZE, read(loop)])
    expect(answers.map(({ id }) => typeof id)).toEqual(['number', 'number'])
    expect(errors).toContain('noise of a library\nmore noise\n')
    expect(errors).toContain('"transport":"stdio","method":"tools/call","tool":"billing.inspect_invoice"')
  })

  it('answers each hostile line with an error of JSON-RPC, and goes on', async () => {
    const lines = entriesFor('http:body|stdio:line').map(({ raw = '' }) => raw)
    const last = read(loop)
    const { answers, errors } = await tell([...lines, last])
    expect(answers.find(({ id }) => id === last.id)).toHaveProperty('result')
    // An empty line is none, a notification or a response is not answered: all others are.
    expect(answers.length).toBeGreaterThan(20)
    expect(JSON.stringify(answers)).not.toMatch(/node_modules|at \w+ \(|SyntaxError|ZodError|etc\/passwd/)
    expect(errors).not.toMatch(/ at \w+ \(/)
  })

  it('skips a line that is too long, answers it once, and reads the next', async () => {
    const long = JSON.stringify(request('ping', { a: 'x'.repeat(3_000_000) }))
    const ping = request('ping')
    const { answers } = await tell([long, ping])
    expect(answers).toEqual([
      { jsonrpc: '2.0', id: null, error: { code: -32600, message: 'The message is too long.' } },
      { jsonrpc: '2.0', id: ping.id, result: {} },
    ])
  })

  it('takes no notice of half a line at the end', async () => {
    const ping = request('ping')
    expect((await tell([ping, JSON.stringify(request('ping'))], '')).answers).toMatchObject([{ id: ping.id }])
  })

  it('takes a message in pieces, and several in one', async () => {
    const { child, ended, out } = start()
    const [one, two] = [request('ping'), request('ping')]
    const bytes = Buffer.from(`${JSON.stringify(one)}\r\n${JSON.stringify(two)}\n`)
    for (const byte of bytes.subarray(0, 20)) child.stdin.write(Buffer.of(byte))
    child.stdin.end(bytes.subarray(20))
    expect(await ended).toBe(0)
    const lines = (await out).trim().split('\n').slice(0, 2)
    expect(lines.map((line) => (JSON.parse(line) as Told).id)).toEqual([one.id, two.id])
  })

  it('refuses bytes that are no text', async () => {
    const { child, ended, out } = start()
    child.stdin.end(Buffer.from([0xff, 0xfe, 0x0a]))
    expect(await ended).toBe(0)
    expect(JSON.parse((await out).split('\n')[0] ?? '')).toMatchObject({ id: null, error: { code: -32700 } })
  })

  it('ends without a word when nobody reads its answers', async () => {
    const { child, ended, log } = start()
    const first = answered(child)
    child.stdin.write(`${JSON.stringify(request('ping'))}\n`)
    await first
    child.stdout.destroy()
    const ping = `${JSON.stringify(request('tools/list'))}\n`
    for (let n = 0; n < 200 && child.exitCode === null; n++) {
      child.stdin.write(ping)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    child.stdin.end()
    expect(await ended).toBe(0)
    expect(await log).not.toMatch(/EPIPE| at \w+ \(/)
  })

  it('answers what it was asked before it ends by a signal', async () => {
    const { child, ended, out } = start()
    const first = answered(child)
    child.stdin.write(`${JSON.stringify(request('ping'))}\n`)
    await first
    const asked = read(loop)
    child.stdin.write(`${JSON.stringify(asked)}\n`)
    const second = answered(child)
    await second
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
    expect(await out).toContain(`"id":${asked.id}`)
  })

  it('waits for a client that does not read, and loses nothing', async () => {
    const { child, ended, out } = start()
    child.stdout.pause()
    const asked = Array.from({ length: 2000 }, () => request('tools/list'))
    child.stdin.end(`${asked.map((each) => JSON.stringify(each)).join('\n')}\n`)
    await new Promise((resolve) => setTimeout(resolve, 300))
    child.stdout.resume()
    expect(await ended).toBe(0)
    const told = (await out).trimEnd().split('\n')
    expect(told).toHaveLength(2001)
  })

  it('begins nothing that was cancelled in the same breath, and answers nothing to it', async () => {
    const args = { invoice_id: loop.invoice, reason: 'never', fee: 0 }
    const call = request('tools/call', { name: PROPOSE, arguments: args })
    const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: call.id } }
    const ping = request('ping')
    const { answers } = await tell([call, cancel, ping])
    expect(answers.map(({ id }) => id)).toEqual([ping.id])
    expect((await loop.runner.proposals.list()).items).toEqual([])
  })

  it('tells of a call when it begins and when it ends, before it is answered', async () => {
    const params = { name: INSPECT, arguments: { invoice_id: loop.invoice }, _meta: { progressToken: 'p' } }
    const call = request('tools/call', params)
    const { answers } = await tell([call])
    const progress = { progressToken: 'p', total: 1 }
    expect(answers).toMatchObject([
      { method: 'notifications/progress', params: { ...progress, progress: 0 } },
      { method: 'notifications/progress', params: { ...progress, progress: 1 } },
      { id: call.id },
    ])
  })

  it('tells a client of the SDK of what it is subscribed to', async () => {
    const client = new Client({ name: 'test', version: '1.0.0' })
    await client.connect(new StdioClientTransport({ command: process.execPath, args: [...argv], stderr: 'ignore' }))
    const call = { name: PROPOSE, arguments: { invoice_id: loop.invoice, reason: 'outage', fee: 0 } }
    const answer = await client.callTool(call)
    const { proposal } = answer.structuredContent as { proposal: { id: string } }

    const uri = `synapsor://proposals/${proposal.id}`
    await client.subscribeResource({ uri })
    const updated = new Promise<string>((resolve) => {
      client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => resolve(params.uri))
    })
    const { hash } = await loop.runner.proposals.get(proposal.id)
    await loop.runner.reject(proposal.id, { hash, approver: lead, reason: 'No.' })
    expect(await updated).toBe(uri)
    await client.close()
  })
})
