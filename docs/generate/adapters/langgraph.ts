import { AIMessage, ToolMessage } from '@langchain/core/messages'
import { fakeModel } from '@langchain/core/testing'
import { convertToOpenAITool } from '@langchain/core/utils/function_calling'
import { Annotation, INTERRUPT, isInterrupted, MemorySaver, START, StateGraph } from '@langchain/langgraph'
import { createAgent } from 'langchain'
import { createApprovalNode, createLangGraphTools } from '../../../adapters/langgraph/index.js'
import { type AdapterPage, nameAnswers, onlyAnswer } from './shown.js'
import type { ModelCall, World } from './world.js'

export const langgraph: AdapterPage = {
  contract: {
    row: { fee_cents: 5500 },
    inspect: { description: 'Reads one invoice.', args: { invoice_id: { type: 'string' } } },
    propose: {
      name: 'billing.propose_waiver',
      description: 'Proposes another late fee. A person decides.',
      args: { invoice_id: { type: 'string' }, fee_cents: { type: 'integer', minimum: 0 } },
      patch: { fee_cents: { from_arg: 'fee_cents' } },
    },
    args: { invoice_id: 'INV-3001', fee_cents: 0 },
  },
  show: async ({ session, calls, desk }, inline_evidence) => {
    const tools = createLangGraphTools(session, { inline_evidence })
    const { read, proposal, refusal } = nameAnswers(await ask(tools, Object.values(calls)))
    const [inspect, propose] = tools.map((tool) => convertToOpenAITool(tool))
    const deskTools = createLangGraphTools(desk.session, { inline_evidence, adapter: desk.adapter })
    const run = onlyAnswer(await ask(deskTools, [desk.call]))
    const [workflow] = deskTools.map((tool) => convertToOpenAITool(tool))
    return {
      blocks: {
        tool: propose,
        read: JSON.parse(read.text),
        proposal: JSON.parse(proposal.text),
        refusal: JSON.parse(refusal.text),
        card: await cardOf(session, proposal.artifact.proposal.id),
        workflow,
        run: JSON.parse(run.text),
      },
      texts: {
        'the tool `billing__inspect_invoice`': JSON.stringify(inspect),
        'the tool `billing__propose_waiver`': JSON.stringify(propose),
        'the answer to a read': read.text,
        'the answer to a proposal': proposal.text,
        'a refusal': refusal.text,
        'the tool of a whole workflow': JSON.stringify(workflow),
        'its answer': run.text,
      },
    }
  },
}

/** Has a model make these calls, and gives what it was told. */
async function ask(tools: ReturnType<typeof createLangGraphTools>, calls: readonly ModelCall[]) {
  const model = fakeModel()
  for (const { name, args } of calls) model.respondWithTools([{ name, args }])
  model.respond(new AIMessage('done'))
  const { messages } = await createAgent({ model, tools }).invoke({ messages: [{ role: 'user', content: 'go' }] })
  return messages.filter((message) => ToolMessage.isInstance(message))
}

/** What a graph is interrupted with that waits for a decision on this proposal. */
async function cardOf(session: World['session'], id: string): Promise<unknown> {
  const state = Annotation.Root({ status: Annotation<string> })
  const approval = createApprovalNode(session, { proposal: () => id, to: ({ status }) => ({ status }) })
  const graph = new StateGraph(state)
    .addNode('approval', approval)
    .addEdge(START, 'approval')
    .compile({ checkpointer: new MemorySaver() })
  const waiting = await graph.invoke({ status: '' }, { configurable: { thread_id: 'ticket-1042' } })
  return isInterrupted(waiting) ? waiting[INTERRUPT][0]?.value : undefined
}
