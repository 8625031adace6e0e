/** Two ways in which an agent reaches the same capabilities: a server that it starts, and one that is there. */
import { randomBytes } from 'node:crypto'
import { type MCPServer, MCPServerStdio, MCPServerStreamableHttp } from '@openai/agents'
import { COMMAND_LINE } from '../reference/command-line.js'
import { bareEnvironment, startProgram } from '../reference/process.js'

/** An MCP server that an agent is connected to. */
export interface Connected {
  readonly server: MCPServer
  close(): Promise<void>
}

type Env = Readonly<Record<string, string>>

// #region stdio
/** The agent starts the server, and talks to it over stdin and stdout. */
export async function overStdio(env: Env): Promise<Connected> {
  const server = new MCPServerStdio({
    name: 'synapsor',
    command: process.execPath,
    args: ['--import', import.meta.resolve('tsx'), COMMAND_LINE, 'mcp', 'serve'],
    env: { ...bareEnvironment(), ...env },
    clientSessionTimeoutSeconds: 60,
  })
  await server.connect()
  return { server, close: () => server.close() }
}
// #endregion

// #region http
/** Somebody has started the server; the agent brings a token. */
export async function overHttp(env: Env): Promise<Connected> {
  const token = randomBytes(32).toString('hex')
  const program = await startProgram([COMMAND_LINE, 'mcp', 'serve', '--http', '--port', '0'], {
    env: { ...env, SYNAPSOR_RUNNER_HTTP_TOKEN: token },
    ready: /http:\/\/127\.0\.0\.1:\d+\/mcp/,
  })
  const [url = ''] = program.ready
  const server = new MCPServerStreamableHttp({
    name: 'synapsor',
    url,
    requestInit: { headers: { authorization: `Bearer ${token}` } },
    clientSessionTimeoutSeconds: 60,
  })
  await server.connect()
  return {
    server,
    async close() {
      await server.close()
      await program.stop()
    },
  }
}
// #endregion
