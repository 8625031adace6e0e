import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWatcher } from '../../../adapters/mcp/watcher.js'
import { agent, type Loop, lead, openLoop } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'

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

const watched = async (most?: number) => {
  const { id, hash } = await loop.propose()
  const watcher = createWatcher(loop.runner.session(agent).toolset(), most)
  return { id, hash, watcher, address: { kind: 'proposal', id } as const }
}

describe('what looks at a record', () => {
  it('hears of a change once, and of none after it stops', async () => {
    const { id, hash, watcher, address } = await watched()
    let heard = 0
    const watch = await watcher.watch(address, {}, () => void heard++)
    await loop.runner.approve(id, { hash, approver: lead })
    await expect.poll(() => heard, { timeout: 5000 }).toBe(1)
    watch.stop()
    expect(watch.isOver()).toBe(true)
    await loop.runner.apply(id)
    const other = await watcher.watch(address, {}, () => void heard++)
    await loop.runner.replay(id)
    other.stop()
    expect(heard).toBe(1)
  })

  it('looks no longer than the credential lasts by which it was asked to', async () => {
    const { watcher, address } = await watched()
    const authInfo = { token: '', clientId: 'web', scopes: [], expiresAt: Math.floor(Date.now() / 1000) }
    const watch = await watcher.watch(address, { authInfo }, () => undefined)
    await expect.poll(watch.isOver, { timeout: 5000 }).toBe(true)
  })

  it('looks at no more records than it may', async () => {
    const { watcher, address } = await watched(1)
    const { stop } = await watcher.watch(address, {}, () => undefined)
    await expect(watcher.watch(address, {}, () => undefined)).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    stop()
    await expect(watcher.watch(address, {}, () => undefined)).resolves.toBeDefined()
  })

  it('looks at nothing that its session does not see', async () => {
    const { address } = await watched()
    const watcher = createWatcher(loop.runner.session({ tenant_id: 'globex', principal: 'a' }).toolset())
    const refused = watcher.watch(address, {}, () => undefined)
    await expect(refused).rejects.toMatchObject({ code: 'PROPOSAL_NOT_FOUND' })
  })
})
