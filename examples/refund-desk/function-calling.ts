// The refund as one function of a loop of your own. The process that starts it is killed; the model goes on in another
// one, and is asked back. Runs by itself: npm run example:refund-function-calling
import { createFunctionTools } from '../../adapters/function-calling/index.js'
import { type Desk, openDesk } from './desk.js'
import { die, runUntilKilled, short } from './process.js'
import { chats, decideAndResume, refund, sameRun } from './script.js'

/** A model that calls the function with this, each time it is asked. */
type Model = (messages: readonly unknown[], tools: readonly unknown[]) => { name: string; arguments: string }
const scripted =
  (args: (shown: unknown) => object): Model =>
  (messages) => ({ name: 'resolve_support_ticket', arguments: JSON.stringify(args(messages)) })

// #region turn
async function turn({ session, folder }: Desk, askModel: Model): Promise<void> {
  const { tools, call, toModel } = createFunctionTools(session, { format: 'openai-chat', adapter: 'agent' })
  const messages = chats.load(folder)
  const { name, arguments: text } = askModel(messages, tools)
  const answer = toModel(name, await call(name, text))
  console.log(name, short(JSON.stringify(answer.run)))
  chats.store(folder, [...messages, { role: 'tool', content: JSON.stringify(answer) }])
}
// #endregion

const [, , folder] = process.argv
if (folder !== undefined) {
  await turn(
    await openDesk(folder),
    scripted(() => refund),
  )
  await die()
}

const desk = await openDesk()
await runUntilKilled(import.meta.url, desk.folder)
console.log('the first process is gone')

// #region later
const [waiting] = (await desk.mira.queue()).items
await desk.mira.requestInformation(waiting?.proposal_id ?? '', { question: 'Is there a photo?' })
await turn(desk, scripted(sameRun))

const information = { order_id: 'O-77', refund_cents: 4900, reason: 'Broken, photo in the ticket.' }
await turn(
  desk,
  scripted((shown) => ({ ...sameRun(shown), information })),
)

await decideAndResume(desk)
await turn(desk, scripted(sameRun))
// #endregion
console.log(desk.rows())
await desk.close()
desk.remove()
