// A refund as a workflow of listed steps. The process that starts it is killed; another one takes it to its end.
// Runs by itself: node --import tsx examples/refund-desk/steps.ts
import { type Desk, openDesk } from './desk.js'
import { die, runUntilKilled, short } from './process.js'

// #region start
const input = { ticket_id: 'T-1042', refund_cents: 4900, reason: 'The lamp arrived broken.' }

async function start({ session }: Desk): Promise<void> {
  const answer = await session.call('support.ticket_refund_flow', input)
  console.log(short(answer.run))
}
// #endregion

const [, , folder] = process.argv
if (folder !== undefined) {
  await start(await openDesk(folder))
  await die()
}

const { runner, session, mira, rows, ...desk } = await openDesk()
await runUntilKilled(import.meta.url, desk.folder)
console.log('the first process is gone', rows())

// #region going-on
const { run_id } = await session.workflow('support.ticket_refund_flow').start(input)
console.log('started again, there is', (await runner.runs.list()).items.length, 'run')

for (;;) {
  const { status, proposal_id } = await runner.resume(run_id)
  console.log(status, rows())
  if (status !== 'waiting_approval') break
  const { id, capability, diff, hash } = await mira.show(proposal_id ?? '')
  console.log('mira approves', capability, diff)
  await mira.approve(id, { hash })
}
// #endregion

// #region replay
const { timeline } = await runner.replay(run_id)
for (const { seq, type, body } of timeline) console.log(`${seq} ${type}${stepOf(body)}`)
// #endregion

await desk.close()
desk.remove()

function stepOf(body: unknown): string {
  return typeof body === 'object' && body !== null && 'key' in body ? ` ${body.key}` : ''
}
