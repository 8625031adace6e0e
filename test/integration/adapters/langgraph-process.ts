import { Annotation, MemorySaver, START, StateGraph } from '@langchain/langgraph'
import { createApprovalNode, createCapabilityNode } from '../../../adapters/langgraph/index.js'
import { createRunner, loadConfig } from '../../../src/index.js'
import { agent } from '../loop/loop.js'

/** A process that runs the graph from its start, prints where it stands, and ends. All that stays is the ledger. */
const [config = '', ledger = '', invoice = ''] = process.argv.slice(2)
const runner = createRunner(loadConfig(config), { ledger })
const session = runner.session(agent)

const State = Annotation.Root({ invoice: Annotation<string>, id: Annotation<string>, status: Annotation<string> })
const graph = new StateGraph(State)
  .addNode(
    'propose',
    createCapabilityNode(session, 'billing.propose_late_fee_waiver', {
      args: (state: typeof State.State) => ({ invoice_id: state.invoice, reason: 'outage', fee: 0 }),
      to: ({ proposal }) => ({ id: proposal?.id ?? '' }),
    }),
  )
  .addNode(
    'approval',
    createApprovalNode(session, {
      proposal: (state: typeof State.State) => state.id,
      to: ({ status }) => ({ status }),
    }),
  )
  .addEdge(START, 'propose')
  .addEdge('propose', 'approval')
  .compile({ checkpointer: new MemorySaver() })

const result = await graph.invoke({ invoice }, { configurable: { thread_id: invoice } })
process.stdout.write(JSON.stringify(result))
await runner.close()
