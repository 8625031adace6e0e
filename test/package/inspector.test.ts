import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDesk, type Desk } from '../support/cli.js'
import { cliCommand, endOf, startCli, written } from '../support/cli-process.js'
import { projectRoot } from '../support/command.js'

const INSPECTOR = join(projectRoot, 'node_modules/@modelcontextprotocol/inspector-cli/build/index.js')
const TOKEN = 'inspected-with-a-token-of-forty-characters'
const INSPECT = 'billing__inspect_invoice'
const PROPOSE = 'billing__propose_late_fee_waiver'

let desk: Desk
let server: ChildProcess
let url = ''

beforeAll(async () => {
  desk = await createDesk()
  const where = { cwd: desk.folder, env: { SYNAPSOR_RUNNER_HTTP_TOKEN: TOKEN } }
  server = startCli(where, 'mcp', 'serve-streamable-http', '--port', '0')
  const [, found = ''] = await written(server, /serves at (\S+?)\. /)
  url = found
})

afterAll(async () => {
  server.kill('SIGTERM')
  await desk.close()
})

/** The official Inspector, told where the server is, and what to ask. */
const TRANSPORTS: Readonly<Record<string, () => readonly string[]>> = {
  stdio: () => {
    const { command, args } = cliCommand('mcp', 'serve', '--config', `${desk.folder}/synapsor.runner.json`)
    return [command, ...args]
  },
  'Streamable HTTP': () => [url, '--transport', 'http', '--header', `Authorization: Bearer ${TOKEN}`],
}

async function inspect(target: readonly string[], ...question: readonly string[]) {
  // It looks for its own manifest one folder above the current one, and is content with any.
  const child = spawn(process.execPath, [INSPECTOR, ...target, ...question], { cwd: join(projectRoot, 'test') })
  const ended = endOf(child)
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { ...(await ended), output: out + err, document: () => JSON.parse(out) }
}

describe.each(Object.keys(TRANSPORTS))('the Inspector over %s', (transport) => {
  const ask = (...question: readonly string[]) => inspect(TRANSPORTS[transport]?.() ?? [], ...question)

  it('lists tools and resource templates', async () => {
    const tools = (await ask('--method', 'tools/list')).document().tools.map(({ name }: { name: string }) => name)
    expect(tools).toEqual([INSPECT, PROPOSE, 'billing__waive_late_fee'])
    const { resourceTemplates } = (await ask('--method', 'resources/templates/list')).document()
    expect(resourceTemplates.length).toBeGreaterThan(0)
  })

  it('reads, proposes, and reads what it proposed', async () => {
    const invoice = ['--tool-arg', 'invoice_id=INV-3001']
    const read = await ask('--method', 'tools/call', '--tool-name', INSPECT, ...invoice)
    expect(read.document().structuredContent).toMatchObject({ ok: true, data: { late_fee_cents: 5500 } })
    const reason = ['--tool-arg', 'reason=Asked over the Inspector.']
    const made = await ask('--method', 'tools/call', '--tool-name', PROPOSE, ...invoice, ...reason)
    const { proposal } = made.document().structuredContent
    const resource = await ask('--method', 'resources/read', '--uri', `synapsor://proposals/${proposal.id}`)
    expect(JSON.parse(resource.document().contents[0].text)).toMatchObject({ id: proposal.id })
  })

  it.each([
    [
      'a tenant of its own',
      ['--tool-arg', 'invoice_id=INV-9001', '--tool-arg', 'tenant_id=globex'],
      'INVALID_ARGUMENT',
    ],
    ["another tenant's row", ['--tool-arg', 'invoice_id=INV-9001'], 'NOT_FOUND'],
  ])('is refused %s', async (_, args, code) => {
    const { document } = await ask('--method', 'tools/call', '--tool-name', INSPECT, ...args)
    const { isError, content } = document()
    expect([isError, JSON.parse(content[0].text)]).toMatchObject([true, { ok: false, error: { code } }])
  })

  it("is refused another's resource", async () => {
    const { exit_code } = await ask('--method', 'resources/read', '--uri', 'synapsor://proposals/wrp_9999')
    expect(exit_code).not.toBe(0)
  })
})

describe('the Inspector without what it needs', () => {
  it.each([
    ['a token', []],
    ['the right token', ['--header', `Authorization: Bearer ${TOKEN}x`]],
    [
      'an origin that is known',
      ['--header', `Authorization: Bearer ${TOKEN}`, '--header', 'Origin: https://evil.example'],
    ],
  ])('does not get in without %s', async (_, headers) => {
    const { exit_code, output } = await inspect([url, '--transport', 'http', ...headers], '--method', 'tools/list')
    expect(exit_code).not.toBe(0)
    expect(output).not.toContain('billing')
  })
})
