// The refund as one tool of the Vercel AI SDK. The process that starts it is killed; the model goes on in another one.
// Runs by itself, without a key: npm run example:refund-ai-sdk
import { randomUUID } from 'node:crypto'
import { generateText, type ModelMessage, stepCountIs } from 'ai'
import { MockLanguageModelV3 } from 'ai/test'
import { createAISDKTools } from '../../adapters/ai/index.js'
import { type Desk, openDesk } from './desk.js'
import { die, runUntilKilled, short } from './process.js'
import { chats, decideAndResume, refund, sameRun } from './script.js'

// #region turn
async function turn({ session, folder }: Desk, content: string, model: MockLanguageModelV3): Promise<void> {
  const tools = createAISDKTools(session, { adapter: 'agent' })
  const messages: ModelMessage[] = [...chats.load<ModelMessage>(folder), { role: 'user', content }]
  const { text, steps, response } = await generateText({ model, tools, messages, stopWhen: stepCountIs(2) })
  for (const { toolName, output } of steps.flatMap((step) => step.staticToolResults)) {
    console.log(toolName, short(JSON.stringify(output.run)))
  }
  console.log(text)
  chats.store(folder, [...messages, ...response.messages])
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
function scripted(args: (shown: unknown) => object, text: string): MockLanguageModelV3 {
  const tokens = { total: 0, noCache: 0, cacheRead: 0, cacheWrite: 0, text: 0, reasoning: 0 }
  const answer = { usage: { inputTokens: tokens, outputTokens: tokens }, warnings: [] }
  const call = { type: 'tool-call', toolCallId: randomUUID(), toolName: 'resolve_support_ticket' } as const
  return new MockLanguageModelV3({
    doGenerate: async ({ prompt }) =>
      prompt.at(-1)?.role === 'tool'
        ? { ...answer, content: [{ type: 'text', text }], finishReason: { unified: 'stop', raw: 'stop' } }
        : {
            ...answer,
            content: [{ ...call, input: JSON.stringify(args(prompt)) }],
            finishReason: { unified: 'tool-calls', raw: 'tool-calls' },
          },
  })
}
