// The refund as one tool of an MCP server. The server is killed half way; the client goes on with another one.
// Runs by itself: npm run example:refund-mcp
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { openDesk } from './desk.js'
import { short } from './process.js'
import { decideAndResume, refund, sameRun } from './script.js'

const desk = await openDesk()
// #region start
const first = await startServer(desk.folder)
const { content } = await first.agent.callTool({ name: 'resolve_support_ticket', arguments: refund })
for (const { type, text, uri } of content as Block[]) console.log(short(text ?? `${type} ${uri}`))
process.kill(first.pid, 'SIGKILL')
// #endregion

console.log('the first server is gone')
await decideAndResume(desk)

// #region later
const { agent } = await startServer(desk.folder)
const { run_id } = sameRun(content)
const { structuredContent } = await agent.callTool({ name: 'resolve_support_ticket', arguments: { run_id } })
console.log(short(JSON.stringify(structuredContent)))

const { contents } = await agent.readResource({ uri: `synapsor://runs/${run_id}` })
for (const each of contents) console.log('what the agent reads:', 'text' in each && JSON.parse(each.text).status)
// #endregion
console.log(desk.rows())
await agent.close()
await desk.close()
desk.remove()

type Block = Readonly<Partial<Record<'type' | 'text' | 'uri', string>>>

/** Starts the server as a client of MCP does. */
async function startServer(folder: string): Promise<{ agent: Client; pid: number }> {
  const program = fileURLToPath(new URL('mcp-server.ts', import.meta.url))
  const args = [...process.execArgv, program, folder]
  const transport = new StdioClientTransport({ command: process.execPath, args })
  const agent = new Client({ name: 'agent', version: '1.0.0' })
  await agent.connect(transport)
  return { agent, pid: transport.pid ?? 0 }
}
