import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFunctionTools } from '../../../adapters/function-calling/index.js'
import { agent, type Loop, openLoop } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import { describeAttacks } from './adapter-attacks.js'
import { describeAdapter } from './adapter-cases.js'
import type { AdapterDriver } from './adapter-world.js'
import { describeWorkflows } from './workflow-cases.js'

/** A loop of one's own, as a provider's docs show it: arguments come as text, the answer goes back as text. */
const driver: AdapterDriver = {
  name: 'a loop of your own',
  open: (source, options) => {
    const { tools, call, toModel } = createFunctionTools(source, { ...options, format: 'openai-chat' })
    return {
      names: tools.map((tool) => tool.function.name),
      call: async (name, args, hostContext) => {
        const envelope = await call(name, JSON.stringify(args), hostContext)
        return { shown: JSON.stringify(toModel(name, envelope)), envelope }
      },
    }
  },
  contextOf: (value) => ({ tenant: value }),
  valueIn: (hostContext) => (hostContext as { readonly tenant?: unknown } | undefined)?.tenant,
}

describe('createFunctionTools', () => {
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

  it.each(['mistral', 'toString', '__proto__', undefined, null])('refuses the format %j', (format) => {
    const make = () => createFunctionTools(loop.runner.session(agent), { format: format as never })
    expect(make).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT', details: { argument: 'format' } }))
  })
})

describeAdapter(driver)
describeAttacks(driver)
describeWorkflows(driver)
