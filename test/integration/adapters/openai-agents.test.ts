import { createOpenAIAgentsTools } from '../../../adapters/openai-agents/index.js'
import { describeAttacks } from './adapter-attacks.js'
import { describeAdapter } from './adapter-cases.js'
import type { AdapterDriver } from './adapter-world.js'
import { callOnce } from './openai-agents-host.js'
import { describeWorkflows } from './workflow-cases.js'

/** Every call in a run of its own, by a scripted model. */
const driver: AdapterDriver = {
  name: 'OpenAI Agents JS',
  open: (source, options) => {
    const tools = createOpenAIAgentsTools(source, options)
    return {
      names: tools.map(({ name }) => name),
      call: (name, args, hostContext) => callOnce(tools, name, args, hostContext),
    }
  },
  contextOf: (value) => ({ tenant: value }),
  valueIn: (hostContext) => (hostContext as { readonly tenant?: unknown } | undefined)?.tenant,
}

describeAdapter(driver)
describeAttacks(driver)
describeWorkflows(driver)
