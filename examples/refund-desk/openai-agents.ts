// The refund as one tool of OpenAI Agents JS. The process that starts it is killed; the agent goes on in another one.
// Runs by itself, without a key: npm run example:refund-openai-agents
import { randomUUID } from 'node:crypto'
import { Agent, type AgentInputItem, run, setTracingDisabled, user } from '@openai/agents'
import { assistantMessage, functionCall, modelResponder, ScriptedModel } from '@openai/agents/testing'
import { createOpenAIAgentsTools, envelopeOf, runsAwaiting } from '../../adapters/openai-agents/index.js'
import { type Desk, openDesk } from './desk.js'
import { die, runUntilKilled, short } from './process.js'
import { chats, decideAndResume, refund, sameRun } from './script.js'

setTracingDisabled(true)

// #region turn
async function turn({ session, folder }: Desk, content: string, model: ScriptedModel): Promise<void> {
  const tools = createOpenAIAgentsTools(session, { adapter: 'agent' })
  const agent = new Agent({ name: 'Support', instructions: 'Help with tickets.', tools, model })
  const result = await run(agent, [...chats.load<AgentInputItem>(folder), user(content)])
  for (const item of result.newItems) {
    const answer = envelopeOf(item)
    if (answer !== undefined) console.log(short(JSON.stringify(answer.run)))
  }
  console.log(result.finalOutput)
  for (const { awaiting } of runsAwaiting(result)) console.log('awaiting:', awaiting)
  chats.store(folder, result.history)
}
// #endregion

const [, , folder] = process.argv
if (folder !== undefined) {
  await turn(
    await openDesk(folder),
    'Ticket T-1042: refund 49 euros.',
    scripted(() => refund, 'A person decides.'),
  )
  await die()
}

const desk = await openDesk()
await runUntilKilled(import.meta.url, desk.folder)
console.log('the first process is gone')
await decideAndResume(desk)
await turn(desk, 'Is it done?', scripted(sameRun, 'Refunded, and the ticket is closed.'))
console.log(desk.rows())
await desk.close()
desk.remove()

/** A model that calls the tool, and then says this. */
function scripted(args: (shown: unknown) => object, text: string): ScriptedModel {
  return new ScriptedModel([
    modelResponder(({ request }) => {
      const call = JSON.stringify(args(request.input))
      return [functionCall('resolve_support_ticket', call, { callId: randomUUID() })]
    }),
    [assistantMessage(text)],
  ])
}
