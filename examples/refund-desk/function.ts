// The same refund as a workflow that is a function. The process that starts it is killed; a worker goes on.
// Runs by itself: node --import tsx examples/refund-desk/function.ts
import { type Desk, openDesk } from './desk.js'
import { die, runUntilKilled, short } from './process.js'

// #region start
const input = { ticket_id: 'T-1042', refund_cents: 4900, reason: 'The lamp arrived broken.' }

async function start({ session }: Desk): Promise<void> {
  const run = await session.workflow('support.ticket_refund_code').start(input, { key: 'mail-3f9a' })
  for (const { key, status } of run.steps) console.log(key, status)
}
// #endregion

const [, , folder] = process.argv
if (folder !== undefined) {
  await start(await openDesk(folder))
  await die()
}

const { runner, mira, rows, ...desk } = await openDesk()
await runUntilKilled(import.meta.url, desk.folder)
console.log('the first process is gone', rows())

// #region worker
for (let left = true; left; ) {
  for (const { proposal_id } of (await mira.queue()).items) {
    const { id, capability, hash } = await mira.show(proposal_id)
    await mira.approve(id, { hash })
    console.log('mira approves', capability)
  }
  const moved = await runner.resumeAll()
  for (const { status } of moved) console.log(status, rows())
  left = moved.length > 0
}
// #endregion

// #region replay
const [finished] = (await runner.runs.list({ tenant_id: 'acme', status: 'completed' })).items
const { run_id, output } = await runner.runs.get(finished?.run_id ?? '')
const story = runner.renderReplay(await runner.replay(run_id), 'markdown')
// #endregion
console.log(output)
console.log(short(story.split('\n# Replay of wrp_')[0]))

await desk.close()
desk.remove()
