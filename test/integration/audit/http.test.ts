import type { RequestListener } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { type Running, run, serve, serveMcp } from './servers.js'

const open: Running[] = []
afterEach(async () => {
  for (const server of open.splice(0)) await server.close()
})

async function started(server: Promise<Running>): Promise<Running> {
  const running = await server
  open.push(running)
  return running
}

/** Answers each message that needs an answer with this result. */
const answering = (result: (method: string, params: { cursor?: string }) => unknown) =>
  serve((body) => (_request, response) => {
    const {
      id,
      method,
      params = {},
    } = JSON.parse(body) as { id?: number; method: string; params?: { cursor?: string } }
    if (id === undefined) return void response.writeHead(202).end()
    const initialized = {
      protocolVersion: '2025-06-18',
      capabilities: { tools: {} },
      serverInfo: { name: 'x', version: '1' },
    }
    const answer = { jsonrpc: '2.0', id, result: method === 'initialize' ? initialized : result(method, params) }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  })

describe('a server over Streamable HTTP', () => {
  it('is asked for its tools and nothing else', async () => {
    const server = await started(serveMcp())
    const report = await run(server.url)
    expect(report.target).toBe(server.url)
    expect(report.findings.filter(({ severity }) => severity === 'HIGH')).toMatchObject([
      { code: 'MODEL_CONTROLLED_TRUST_SCOPE', tool: 'delete_order' },
      { code: 'WRITE_WITHOUT_PROPOSAL_BOUNDARY', tool: 'delete_order' },
    ])
    expect(server.requests).toEqual(['POST initialize', 'POST notifications/initialized', 'POST tools/list'])
    expect(new Set(server.tokens)).toEqual(new Set([undefined]))
  })

  it('gets the token that was named, and no other credential', async () => {
    const server = await started(serveMcp())
    await run(server.url, { auth_token_env: 'AUDIT_TOKEN', env: { AUDIT_TOKEN: 'let-me-in' } })
    expect(new Set(server.tokens)).toEqual(new Set(['Bearer let-me-in']))
  })

  it('is called by its name without what is asked of it', async () => {
    const server = await started(serveMcp())
    expect((await run(`${server.url}?key=hunter2`)).target).toBe(server.url)
    const [long, short] = ['abcdefghij0123456789', 'abcdefghij012345678']
    expect((await run(`${server.url}/${long}/${short}`)).target).toBe(`${server.url}/…/${short}`)
  })

  it('is read page by page, also where a tool is not as it should be', async () => {
    const page = (_: string, { cursor = '1' }) => ({
      tools: [{ name: `delete_${cursor}`, inputSchema: 'odd' }],
      ...(cursor === '3' ? {} : { nextCursor: String(Number(cursor) + 1) }),
    })
    const server = await started(answering(page))
    const { summary, findings } = await run(server.url)
    expect(summary.tools_inspected).toBe(3)
    expect(new Set(findings.map(({ tool }) => tool))).toEqual(new Set(['delete_1', 'delete_2', 'delete_3']))
  })

  it('may send us on to another place of its own', async () => {
    const server = await started(
      serve(() => (request, response) => {
        if (request.url === '/mcp') return void response.writeHead(307, { location: '/moved' }).end()
        response.writeHead(404).end()
      }),
    )
    await expect(run(server.url)).rejects.toMatchObject({ message: expect.stringContaining('HTTP 404') })
    expect(server.requests).toEqual(['POST initialize', 'POST initialize'])
  })

  it('may have no tools', async () => {
    const server = await started(answering(() => ({ tools: [] })))
    expect((await run(server.url)).findings).toMatchObject([{ code: 'NO_TOOLS_FOUND' }])
  })
})

/** A server with a session, which answers these methods as it is told. */
const talking = (listeners: Readonly<Record<string, RequestListener>>) =>
  serve((body) => talkingListener(body, listeners))

const talkingListener =
  (body: string, listeners: Readonly<Record<string, RequestListener>> = {}): RequestListener =>
  (request, response) => {
    const { id, method = '' } = (body === '' ? {} : JSON.parse(body)) as { id?: number; method?: string }
    if (body !== '' && listeners[method] !== undefined) return void listeners[method](request, response)
    if (id === undefined) return void response.writeHead(202).end()
    const serverInfo = { name: 'x', version: '1' }
    const initialized = { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo }
    const result = method === 'initialize' ? initialized : { tools: [{ name: 'delete_order' }] }
    response
      .writeHead(200, { 'content-type': 'application/json', 'mcp-session-id': 'session-of-the-audit' })
      .end(JSON.stringify({ jsonrpc: '2.0', id, result }))
  }

describe('the session of an audit', () => {
  it('is ended when the tools are there', async () => {
    const server = await started(talking({}))
    expect((await run(server.url)).summary.tools_inspected).toBe(1)
    expect(server.requests.at(-1)).toBe('DELETE nothing')
  })

  it('is ended or not as the server likes, which is not waited for', async () => {
    const server = await started(
      serve((body) => (request, response) => {
        if (request.method === 'DELETE') return
        talkingListener(body)(request, response)
      }),
    )
    expect((await run(server.url)).summary.tools_inspected).toBe(1)
  })
})

describe('a server is refused', () => {
  const endless = () => answering((_, { cursor = '0' }) => ({ tools: [], nextCursor: String(Number(cursor) + 1) }))

  it.each([
    ['that lists without end', endless, 'RESULT_TOO_LARGE'],
    ['that lists in a circle', () => answering(() => ({ tools: [], nextCursor: 'again' })), 'RESULT_TOO_LARGE'],
    [
      'that lists too many tools',
      () => answering(() => ({ tools: Array(10_001).fill({ name: 'a' }) })),
      'RESULT_TOO_LARGE',
    ],
    ['that lists what is no tool', () => answering(() => ({ tools: [null] })), 'INVALID_ARGUMENT'],
    ['that lists nothing', () => answering(() => ({})), 'INVALID_ARGUMENT'],
    ['that answers a web page', () => page(200, { 'content-type': 'text/html' }, '<html>'), 'INVALID_ARGUMENT'],
    ['that answers no JSON', () => page(200, { 'content-type': 'application/json' }, 'nothing'), 'INVALID_ARGUMENT'],
    ['that fails', () => page(500, {}, 'stack trace of the server'), 'INVALID_ARGUMENT'],
    ['that wants a credential', () => page(401, {}, ''), 'SOURCE_AUTH'],
  ])('%s', async (_, server, code) => {
    const { url } = await started(server())
    const error = await run(url).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code, next: expect.stringMatching(/./) })
    expect(JSON.stringify(error)).not.toContain('stack trace of the server')
  })

  const page = (status: number, headers: Record<string, string>, text: string) =>
    serve(() => (_request, response) => void response.writeHead(status, headers).end(text))

  it('that sends more than anybody reads', async () => {
    const chunk = Buffer.alloc(1024 * 1024, ' ')
    let sent = 0
    const server = await started(
      serve(() => (_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        const more = (): void => {
          for (; sent < 1024; sent += 1) if (!response.write(chunk)) return
          response.end()
        }
        response.on('drain', more)
        more()
      }),
    )
    await expect(run(server.url)).rejects.toMatchObject({ code: 'RESULT_TOO_LARGE' })
    expect(sent).toBeLessThan(200)
  })

  it('that never answers', async () => {
    const server = await started(serve(() => () => undefined))
    await expect(run(server.url, { timeout_ms: 300 })).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' })
  })

  it('that begins to answer and never ends', async () => {
    const server = await started(
      serve(
        () => (_request, response) =>
          void response.writeHead(200, { 'content-type': 'text/event-stream' }).write(':\n'),
      ),
    )
    await expect(run(server.url, { timeout_ms: 300 })).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' })
  })

  it('that sends us elsewhere, which is never asked', async () => {
    const other = await started(serveMcp())
    const server = await started(page(307, { location: other.url }, ''))
    const options = { auth_token_env: 'AUDIT_TOKEN', env: { AUDIT_TOKEN: 'let-me-in' } }
    await expect(run(server.url, options)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    expect(other.requests).toEqual([])
  })

  it('that asks instead of answering, and hears nothing of us', async () => {
    const ping = (id: number) => `data: {"jsonrpc":"2.0","id":${id},"method":"ping"}\n\n`
    const pinging: RequestListener = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      let asked = 0
      const timer = setInterval(() => response.write(Array.from({ length: 100 }, () => ping(asked++)).join('')), 10)
      response.on('close', () => clearInterval(timer))
    }
    const server = await started(talking({ 'tools/list': pinging }))
    const options = { auth_token_env: 'AUDIT_TOKEN', env: { AUDIT_TOKEN: 'let-me-in' }, timeout_ms: 500 }
    await expect(run(server.url, options)).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' })
    expect(server.requests).toEqual(['POST initialize', 'POST notifications/initialized', 'POST tools/list'])
  })

  it('that sends us round within itself without end', async () => {
    const around: RequestListener = (_request, response) => void response.writeHead(307, { location: '/mcp' }).end()
    const server = await started(serve(() => around))
    await expect(run(server.url)).rejects.toMatchObject({ code: expect.stringMatching(/./) })
    expect(server.requests.length).toBeLessThan(250)
  })

  it('that is not there', async () => {
    const server = await serveMcp()
    await server.close()
    await expect(run(server.url)).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' })
  })

  it.each([
    ['ftp://127.0.0.1/mcp', {}, 'INVALID_ARGUMENT'],
    ['http://', {}, 'INVALID_ARGUMENT'],
    ['http://me:secret@127.0.0.1/mcp', {}, 'INVALID_ARGUMENT'],
    ['http://shop.example/mcp', { auth_token_env: 'AUDIT_TOKEN' }, 'INVALID_ARGUMENT'],
    ['https://shop.example/mcp', { auth_token_env: 'ABSENT_TOKEN' }, 'ENV_MISSING'],
    ['stdio:node', { auth_token_env: 'AUDIT_TOKEN' }, 'INVALID_ARGUMENT'],
  ])('before it is asked: %s with %j', async (target, options, code) => {
    await expect(run(target, { ...options, env: { AUDIT_TOKEN: 'let-me-in' } })).rejects.toMatchObject({ code })
  })
})
