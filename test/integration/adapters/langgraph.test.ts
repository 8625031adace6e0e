import { AIMessage, type BaseMessage, ToolMessage } from '@langchain/core/messages'
import { fakeModel } from '@langchain/core/testing'
import type { StructuredTool } from '@langchain/core/tools'
import { createReactAgent } from '@langchain/langgraph/prebuilt'
import { createAgent } from 'langchain'
import { createLangGraphTools, type LangGraphContext } from '../../../adapters/langgraph/index.js'
import type { Envelope } from '../../../src/index.js'
import { describeAttacks } from './adapter-attacks.js'
import { describeAdapter } from './adapter-cases.js'
import type { AdapterDriver } from './adapter-world.js'
import { describeWorkflows } from './workflow-cases.js'

type Model = ReturnType<typeof fakeModel>
type Run = (model: Model, tools: StructuredTool[], host: Record<string, never>) => Promise<{ messages: BaseMessage[] }>

const messages = [{ role: 'user', content: 'go' }]

/** A scripted model calls one tool and then ends. What it is shown is read from what it was sent for its second turn. */
function driver(name: string, place: keyof LangGraphContext, run: Run): AdapterDriver {
  return {
    name,
    open: (source, options) => {
      const tools = createLangGraphTools(source, options)
      return {
        names: tools.map((tool) => tool.name),
        call: async (tool, args, hostContext) => {
          const model = fakeModel()
            .respondWithTools([{ name: tool, args: sent(args), id: 'c1' }])
            .respond(new AIMessage('done'))
          const result = await run(model, tools, Object(hostContext))
          const answer = result.messages.find((message) => ToolMessage.isInstance(message))
          const shown = model.calls[1]?.messages.find((message) => ToolMessage.isInstance(message))
          return { shown: shown?.text ?? '', envelope: answer?.artifact as Envelope | undefined }
        },
      }
    },
    contextOf: (value): LangGraphContext => ({ [place]: { tenant: value } }),
    valueIn: (host) => Object((host as LangGraphContext)[place]).tenant,
  }
}

/** Arguments as a provider's JSON carries them: whatever their types, and nothing that is undefined. */
function sent(args: unknown): Record<string, unknown> {
  return JSON.parse(JSON.stringify(args))
}

const reactAgent = driver('createReactAgent of LangGraph', 'configurable', (llm, tools, host) =>
  createReactAgent({ llm, tools }).invoke({ messages }, host),
)
describeAdapter(reactAgent)
describeAttacks(reactAgent)
describeWorkflows(reactAgent)

describeAdapter(
  driver('createAgent of LangChain', 'context', (model, tools, host) =>
    createAgent({ model, tools }).invoke({ messages }, host),
  ),
)
