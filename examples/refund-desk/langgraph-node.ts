// The refund as one node of a graph, which a Command takes on. Another runner goes on from the same ledger.
// Runs by itself: npm run example:refund-langgraph-node
import { Annotation, Command, INTERRUPT, isInterrupted, MemorySaver, START, StateGraph } from '@langchain/langgraph'
import { createWorkflowNode, type RunCard } from '../../adapters/langgraph/index.js'
import { type Desk, openDesk } from './desk.js'
import { short } from './process.js'
import { decideAndResume } from './script.js'

// Stands for a checkpointer that lasts.
const checkpointer = new MemorySaver()

// #region graph
const State = Annotation.Root({ ticket: Annotation<string>, cents: Annotation<number>, status: Annotation<string> })

function graphOf({ session }: Desk) {
  const refund = createWorkflowNode(session, 'support.ticket_refund_flow', {
    input: ({ ticket, cents }: typeof State.State) => ({ ticket_id: ticket, refund_cents: cents, reason: 'Broken.' }),
    to: ({ run, error }) => ({ status: run?.status ?? error?.code ?? '' }),
  })
  return new StateGraph(State).addNode('refund', refund).addEdge(START, 'refund').compile({ checkpointer })
}
// #endregion

const first = await openDesk()
// #region start
const thread = { configurable: { thread_id: 'ticket-1042' } }
const card = cardIn(await graphOf(first).invoke({ ticket: 'T-1042', cents: 4900 }, thread))
console.log(short(JSON.stringify(card)))

await first.mira.requestInformation(card?.run.proposal_id ?? '', { question: 'Is there a photo?' })
const asked = cardIn(await graphOf(first).invoke(new Command({ resume: 'look again' }), thread))
console.log(asked?.run.status, asked?.run.question)
// #endregion
await first.close()

console.log('the first runner is gone')
const desk = await openDesk(first.folder)
// #region later
const information = { order_id: 'O-77', refund_cents: 4900, reason: 'Broken, photo in the ticket.' }
const answered = cardIn(await graphOf(desk).invoke(new Command({ resume: { information } }), thread))
console.log(answered?.run.status)

await decideAndResume(desk)
console.log(await graphOf(desk).invoke(new Command({ resume: 'look again' }), thread))
// #endregion
console.log(desk.rows())
await desk.close()
desk.remove()

/** What the graph waits with, if it does. */
function cardIn(state: unknown): RunCard | undefined {
  return isInterrupted<RunCard>(state) ? state[INTERRUPT][0]?.value : undefined
}
