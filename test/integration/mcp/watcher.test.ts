import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Owner } from '../../../adapters/mcp/sessions.js'
import { subscriptionsOf } from '../../../adapters/mcp/subscriptions.js'
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

const watched = async (most = 1000) => {
  const { id, hash } = await loop.propose()
  const limits = { subscriptions: most, subscriptions_per_subject: 100 }
  const watcher = createWatcher(loop.runner.session(agent).toolset(), limits)
  return { id, hash, watcher, address: { kind: 'proposal', id } as const }
}

describe('what looks at a record', () => {
  it('hears of a change once, and of none after it stops', async () => {
    const { id, hash, watcher, address } = await watched()
    let heard = 0
    const watch = await watcher.watch({ address, extra: {} }, () => void heard++)
    await loop.runner.approve(id, { hash, approver: lead })
    await expect.poll(() => heard, { timeout: 5000 }).toBe(1)
    watch.stop()
    expect(watch.isOver()).toBe(true)
    await loop.runner.apply(id)
    const other = await watcher.watch({ address, extra: {} }, () => void heard++)
    await loop.runner.replay(id)
    other.stop()
    expect(heard).toBe(1)
  })

  it('looks no longer than the credential lasts by which it was asked to', async () => {
    const { watcher, address } = await watched()
    const authInfo = { token: '', clientId: 'web', scopes: [], expiresAt: Math.floor(Date.now() / 1000) }
    const watch = await watcher.watch({ address, extra: { authInfo } }, () => undefined)
    await expect.poll(watch.isOver, { timeout: 5000 }).toBe(true)
  })

  it('looks at no more records than it may', async () => {
    const { id, watcher, address } = await watched(1)
    const other = { kind: 'replay', id } as const
    const { stop } = await watcher.watch({ address, extra: {} }, () => undefined)
    const refused = watcher.watch({ address: other, extra: {} }, () => undefined)
    await expect(refused).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    stop()
    await expect(watcher.watch({ address: other, extra: {} }, () => undefined)).resolves.toBeDefined()
  })

  const ownerOf = (subject: string): Owner => ({
    subject,
    tenant_id: 'acme',
    principal: 'a',
    on_behalf_of: undefined,
  })

  it('looks at a record once for all clients of an owner, and tells each of them', async () => {
    const { id, hash, watcher, address } = await watched(1)
    const heard: string[] = []
    const watch = (owner: Owner, name: string) =>
      watcher.watch({ address, extra: {}, owner }, () => void heard.push(name))
    const first = await watch(ownerOf('one'), 'first')
    const second = await watch(ownerOf('one'), 'second')
    await expect(watch(ownerOf('two'), 'third')).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    await loop.runner.approve(id, { hash, approver: lead })
    await expect.poll(() => heard, { timeout: 5000 }).toEqual(['first', 'second'])
    first.stop()
    expect([first.isOver(), second.isOver()]).toEqual([true, false])
    second.stop()
    await expect(watch(ownerOf('two'), 'third')).resolves.toBeDefined()
  })

  it('leaves room for others, however much one subject wants to hear of', async () => {
    const { id, address } = await watched()
    const limits = { subscriptions: 3, subscriptions_per_subject: 1 }
    const watcher = createWatcher(loop.runner.session(agent).toolset(), limits)
    const watch = (subject: string, kind: 'proposal' | 'replay') =>
      watcher.watch({ address: { kind, id }, extra: {}, owner: ownerOf(subject) }, () => undefined)
    await watch('one', 'proposal')
    await expect(watch('one', 'replay')).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    await expect(watch('two', 'proposal')).resolves.toBeDefined()
    // Those who come at the same time are counted, too.
    const both = await Promise.allSettled([watch('three', 'proposal'), watch('three', 'replay')])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(address.id).toBe(id)
  })

  it('reads evidence and does not look again, for it never changes', async () => {
    const { id, watcher, address } = await watched(1)
    const { evidence_bundle_id } = await loop.runner.proposals.get(id)
    const evidence = { kind: 'evidence', id: String(evidence_bundle_id) } as const
    const watch = await watcher.watch({ address: evidence, extra: {} }, () => undefined)
    expect(watch.isOver()).toBe(true)
    await expect(watcher.watch({ address, extra: {} }, () => undefined)).resolves.toBeDefined()
    const absent = watcher.watch({ address: { ...evidence, id: 'ev_none' }, extra: {} }, () => undefined)
    await expect(absent).rejects.toMatchObject({ code: 'EVIDENCE_NOT_FOUND' })
  })

  it('has what a client does not want to hear of any more forgotten', async () => {
    const fresh = await openLoop(shop)
    const { id, hash } = await fresh.propose()
    const watcher = createWatcher(fresh.runner.session(agent).toolset())
    const missed = new Set<string>()
    const updated = (uri: string) => void missed.add(uri)
    const forget = (uri: string) => void missed.delete(uri)
    const subscriptions = subscriptionsOf(watcher, { updated, forget })
    const uri = `synapsor://proposals/${id}`
    expect(await subscriptions.add(uri, {})).toEqual({ result: {} })
    await fresh.runner.approve(id, { hash, approver: lead })
    await expect.poll(() => [...missed], { timeout: 5000 }).toEqual([uri])
    subscriptions.remove(uri)
    expect([...missed]).toEqual([])
    await fresh.close()
  })

  it('looks at nothing that its session does not see', async () => {
    const { address } = await watched()
    const watcher = createWatcher(loop.runner.session({ tenant_id: 'globex', principal: 'a' }).toolset())
    const refused = watcher.watch({ address, extra: {} }, () => undefined)
    await expect(refused).rejects.toMatchObject({ code: 'PROPOSAL_NOT_FOUND' })
  })
})
