import { createFunctionTools } from '../../../adapters/function-calling/index.js'
import { describeAttacks } from './adapter-attacks.js'
import { describeAdapter } from './adapter-cases.js'
import type { AdapterDriver } from './adapter-world.js'

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

describeAdapter(driver)
describeAttacks(driver)
