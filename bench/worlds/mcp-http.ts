import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { CommandLine } from './mcp.js'

/** `mcp serve-streamable-http`, running. */
export interface HttpServer {
  /** A client with an MCP session of its own, that has read the list of tools. */
  connect(): Promise<Client>
  readonly process: ChildProcess
  /** Ends the server and its clients. */
  close(): Promise<void>
}

const TOKEN_ENV = 'SYNAPSOR_RUNNER_HTTP_TOKEN'
const SECONDS_TO_START = 20

/** Starts the server with a bearer token, at a free port, its log in a file. `node_options` are for Node.js itself. */
export async function serveHttp(commands: CommandLine, node_options: readonly string[] = []): Promise<HttpServer> {
  const token = randomBytes(32).toString('hex')
  const { args, env } = commands.program('mcp', 'serve-streamable-http', '--port', '0')
  const log = join(commands.folder, 'server.log')
  const file = openSync(log, 'w')
  const server = spawn(process.execPath, [...node_options, ...args], {
    env: { ...process.env, ...env, [TOKEN_ENV]: token },
    stdio: ['ignore', 'ignore', file, 'ipc'],
  })
  closeSync(file)
  const exited = once(server, 'exit')
  const clients: Client[] = []
  const close = async () => {
    await Promise.all(clients.map((client) => client.close()))
    server.kill('SIGTERM')
    await exited
  }
  try {
    const url = await urlIn(log, server)
    return {
      connect: async () => {
        const client = await connect(url, token)
        clients.push(client)
        return client
      },
      process: server,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function connect(url: URL, token: string): Promise<Client> {
  const client = new Client({ name: 'bench', version: '1.0.0' })
  const headers = { authorization: `Bearer ${token}` }
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers }, fetch: fetchDetached }))
  await client.listTools()
  return client
}

/** The server says where it is once it listens. */
async function urlIn(log: string, server: ChildProcess): Promise<URL> {
  for (let attempt = 0; attempt < SECONDS_TO_START * 20; attempt++) {
    const said = readFileSync(log, 'utf8')
    const [, url] = /serves at (\S+?)\.?\s/.exec(said) ?? []
    if (url !== undefined) return new URL(url)
    if (server.exitCode !== null) throw new Error(`The server ended: ${said}`)
    await sleep(50)
  }
  throw new Error(`The server says nothing for ${SECONDS_TO_START} s.`)
}

/**
 * The transport gives the same signal to each of its requests, and Node.js keeps a listener on it for each until it
 * collects garbage: it warns, and the client slows down. Calls do without; the stream that stays open keeps it.
 */
function fetchDetached(url: string | URL, { signal, ...init }: RequestInit = {}): Promise<Response> {
  return fetch(url, init.method === 'POST' || !signal ? init : { ...init, signal })
}
