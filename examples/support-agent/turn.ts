/** One turn of the agent. Without OPENAI_API_KEY a script plays the model; everything else is real. */
import { randomUUID } from 'node:crypto'
import { Agent, type MCPServer, type ModelSettings, run } from '@openai/agents'
import { assistantMessage, functionCall, ScriptedModel } from '@openai/agents/testing'

export interface Turn {
  readonly message: string
  /** What the script calls, one after the other, if it plays. */
  readonly calls: readonly (readonly [tool: string, args: object])[]
  readonly answer: string
}

const modelSettings: ModelSettings = { parallelToolCalls: false }

// #region turn
/** Lets the agent answer a message with the tools of an MCP server. */
export async function take(server: MCPServer, turn: Turn): Promise<void> {
  const agent = new Agent({
    name: 'Support',
    instructions: 'Help with tickets and invoices. Look before you propose. Amounts are in cents.',
    mcpServers: [server],
    ...modelOf(turn),
  })
  console.log(`> ${turn.message}`)
  const { newItems, finalOutput } = await run(agent, turn.message)
  for (const item of newItems) {
    if (item.type === 'tool_call_item' && item.rawItem.type === 'function_call') console.log('calls', item.rawItem.name)
  }
  console.log(finalOutput)
}
// #endregion

function modelOf({ calls, answer }: Turn) {
  if (process.env.OPENAI_API_KEY) return { modelSettings }
  const steps = calls.map(([name, args]) => [functionCall(name, JSON.stringify(args), { callId: randomUUID() })])
  return { model: new ScriptedModel([...steps, [assistantMessage(answer)]]) }
}
