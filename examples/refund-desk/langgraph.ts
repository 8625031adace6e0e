// The refund as one tool of a LangGraph agent. The graph is interrupted; another runner goes on from the same ledger.
// Runs by itself, without a key: npm run example:refund-langgraph
import { AIMessage, HumanMessage } from '@langchain/core/messages'
import { fakeModel } from '@langchain/core/testing'
import { Command, INTERRUPT, isInterrupted, MemorySaver } from '@langchain/langgraph'
import { createAgent } from 'langchain'
import { createLangGraphTools, type RunCard } from '../../adapters/langgraph/index.js'
import { type Desk, openDesk } from './desk.js'
import { short } from './process.js'
import { decideAndResume, refund } from './script.js'

const model = fakeModel()
  .respondWithTools([{ name: 'resolve_support_ticket', args: refund, id: 'call-1' }])
  .respond(new AIMessage('Refunded, and the ticket is closed.'))
// Stands for a checkpointer that lasts.
const checkpointer = new MemorySaver()

// #region agent
function agentOf({ session }: Desk) {
  const tools = createLangGraphTools(session, { adapter: 'agent', interrupt: true })
  return createAgent({ model, tools, checkpointer })
}
// #endregion

const first = await openDesk()
// #region start
const thread = { configurable: { thread_id: 'ticket-1042' } }
const waiting = await agentOf(first).invoke({ messages: [new HumanMessage('T-1042: refund 49 euros.')] }, thread)
if (isInterrupted<RunCard>(waiting)) console.log(short(JSON.stringify(waiting[INTERRUPT][0]?.value)))
await first.close()
// #endregion

console.log('the first runner is gone')
const desk = await openDesk(first.folder)
await decideAndResume(desk)
// #region later
const { messages } = await agentOf(desk).invoke(new Command({ resume: 'look again' }), thread)
for (const { type, text } of messages.slice(-2)) console.log(type, short(text))
// #endregion
console.log(desk.rows())
await desk.close()
desk.remove()
