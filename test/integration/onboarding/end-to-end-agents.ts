import { AIMessage, ToolMessage } from '@langchain/core/messages'
import { fakeModel } from '@langchain/core/testing'
import { createReactAgent } from '@langchain/langgraph/prebuilt'
import { createAISDKTools } from '../../../adapters/ai/index.js'
import { createFunctionTools } from '../../../adapters/function-calling/index.js'
import { createLangGraphTools, envelopeOf } from '../../../adapters/langgraph/index.js'
import { createOpenAIAgentsTools } from '../../../adapters/openai-agents/index.js'
import type { ToolSource } from '../../../src/index.js'
import type { AdapterHost } from '../adapters/adapter-world.js'
import { run, scripted, toolCall } from '../adapters/ai-world.js'
import { mcpDriver } from '../adapters/mcp-world.js'
import { callOnce } from '../adapters/openai-agents-host.js'

/** A framework, with the tools of a contract and a model that calls the one it is told to. */
export interface Framework {
  readonly name: string
  open(source: ToolSource): Promise<Pick<AdapterHost, 'names' | 'call'>>
}

export const FRAMEWORKS: readonly Framework[] = [
  {
    name: 'the AI SDK',
    open: async (source) => {
      const tools = createAISDKTools(source)
      const call: AdapterHost['call'] = async (name, args) => {
        const { shown, outputs } = await run(scripted(toolCall(name, args)), tools)
        return { shown, envelope: outputs[0] }
      }
      return { names: Object.keys(tools), call }
    },
  },
  {
    name: 'OpenAI Agents JS',
    open: async (source) => {
      const tools = createOpenAIAgentsTools(source)
      return { names: tools.map(({ name }) => name), call: (name, args) => callOnce(tools, name, args) }
    },
  },
  {
    name: 'LangGraph',
    open: async (source) => {
      const tools = createLangGraphTools(source)
      const call: AdapterHost['call'] = async (name, args) => {
        const model = fakeModel()
          .respondWithTools([{ name, args: { ...Object(args) }, id: 'c1' }])
          .respond(new AIMessage('done'))
        const messages = [{ role: 'user', content: 'go' }]
        const result = await createReactAgent({ llm: model, tools }).invoke({ messages })
        const answer = result.messages.find((message) => ToolMessage.isInstance(message))
        return { shown: answer?.text ?? '', envelope: answer === undefined ? undefined : envelopeOf(answer) }
      }
      return { names: tools.map(({ name }) => name), call }
    },
  },
  { name: 'an MCP client', open: async (source) => mcpDriver('createMcpServer').open(source) },
  {
    name: 'function calling',
    open: async (source) => {
      const { tools, call, toModel } = createFunctionTools(source, { format: 'openai-chat' })
      return {
        names: tools.map((tool) => tool.function.name),
        call: async (name, args) => {
          const envelope = await call(name, JSON.stringify(args))
          return { shown: JSON.stringify(toModel(name, envelope)), envelope }
        },
      }
    },
  },
]
