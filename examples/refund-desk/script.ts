/** What the frameworks' examples share: the lines of a scripted model, a person who decides, a worker, a store. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Desk } from './desk.js'

/** What the model makes of the customer's mail. */
export const refund = { ticket_id: 'T-1042', refund_cents: 4900, reason: 'The lamp arrived broken.' }

/** What it goes on with later: the id of the run, from what it was shown. */
export function sameRun(shown: unknown): { run_id: string } {
  return { run_id: /run_[0-9a-f]+/.exec(JSON.stringify(shown))?.[0] ?? '' }
}

/** Mira decides on whatever waits for her, and the operator resumes, until nothing moves any more. */
export async function decideAndResume({ runner, mira }: Pick<Desk, 'runner' | 'mira'>): Promise<void> {
  for (let left = true; left; ) {
    for (const { proposal_id } of (await mira.queue()).items) {
      const { capability, hash } = await mira.show(proposal_id)
      await mira.approve(proposal_id, { hash })
      console.log('mira approves', capability)
    }
    const moved = await runner.resumeAll()
    for (const { status } of moved) console.log('the operator resumes:', status)
    left = moved.length > 0
  }
}

/** Stands for your app's store of conversations. */
export const chats = {
  load<Message>(folder: string): Message[] {
    const file = join(folder, 'chat.json')
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []
  },
  store(folder: string, messages: readonly unknown[]): void {
    writeFileSync(join(folder, 'chat.json'), JSON.stringify(messages))
  },
}
