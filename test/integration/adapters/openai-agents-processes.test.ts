import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runNode } from '../../unit/docs/run-program.js'
import { contractOf, type Loop, lead, openLoop } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import type { World } from './openai-agents-process.js'

let shop: Shop
let loop: Loop
beforeAll(async () => {
  shop = await openSqliteShop()
  loop = await openLoop(shop)
})
afterAll(async () => {
  await loop.close()
  await shop.drop()
})

it('goes on in another process, once a person has decided and the change is applied', async () => {
  const world: World = {
    config: contractOf(shop),
    ledger: loop.ledger,
    invoice: loop.invoice,
    state: join(shop.folder, 'state.json'),
  }
  const file = join(shop.folder, 'world.json')
  writeFileSync(file, JSON.stringify(world))

  const { waiting, stopped } = await runProcess('propose', file)
  expect({ waiting, stopped }).toMatchObject({ waiting: [{ status: 'pending_review' }], stopped: 1 })
  const [{ id, hash }] = waiting
  await loop.runner.approve(id, { hash, approver: lead, reason: 'We were down.' })
  await loop.runner.apply(id)

  const { waiting: still, shown, said } = await runProcess('continue', file)
  expect(shown).toMatch(/is applied\. The change is in the source\./)
  expect(shown).toContain('We were down.')
  expect({ still, said }).toEqual({ still: [], said: 'done' })
  expect((await shop.row(loop.invoice))?.late_fee_cents).toBe('0')
})

async function runProcess(step: 'propose' | 'continue', file: string) {
  const program = fileURLToPath(new URL('./openai-agents-process.ts', import.meta.url))
  const { exitCode, stdout, stderr } = await runNode([program, step, file], { cwd: shop.folder, env: shop.env })
  expect(exitCode, stderr).toBe(0)
  return JSON.parse(stdout)
}
