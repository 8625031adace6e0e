import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMcpServer, registerMcpTools } from '../../../adapters/mcp/index.js'
import { agent, type Loop, lead, openLoop } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import { INSPECT, PROPOSE } from './http-world.js'

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

async function connect(server: { connect(transport: Transport): Promise<void> }): Promise<Client> {
  const [near, far] = InMemoryTransport.createLinkedPair()
  const client = new Client({ name: 'test', version: '1.0.0' })
  await server.connect(far)
  await client.connect(near)
  return client
}

const CANONICAL = ['billing.inspect_invoice', 'billing.propose_late_fee_waiver']

describe('servers of the SDK', () => {
  it('tell a client of createMcpServer what has changed of that which it is subscribed to', async () => {
    const client = await connect(createMcpServer(loop.runner.session(agent)))
    const { id, hash } = await loop.propose()
    const uri = `synapsor://proposals/${id}`
    const heard = new Promise<string>((resolve) => {
      client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => resolve(params.uri))
    })
    await client.subscribeResource({ uri })
    await loop.runner.approve(id, { hash, approver: lead })
    expect(await heard).toBe(uri)
    await client.unsubscribeResource({ uri })
    const absent = client.subscribeResource({ uri: 'synapsor://runs/run_none' })
    await expect(absent).rejects.toMatchObject({ code: -32002, data: { code: 'RUN_NOT_FOUND' } })
    await client.close()
  })

  it.each([
    ['canonical', CANONICAL],
    ['both', [INSPECT, CANONICAL[0], PROPOSE, CANONICAL[1]]],
  ] as const)('list tools by their %s names', async (alias_mode, names) => {
    const session = loop.runner.session(agent)
    const server = new McpServer({ name: 'app', version: '1.0.0' })
    registerMcpTools(server, session, { alias_mode })
    for (const each of [server, createMcpServer(session, { alias_mode })]) {
      const client = await connect(each)
      expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(names)
      const call = { name: 'billing.inspect_invoice', arguments: { invoice_id: loop.invoice } }
      expect((await client.callTool(call)).isError).toBeUndefined()
      await client.close()
    }
  })
})
