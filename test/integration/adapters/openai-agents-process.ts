// One of two processes that share a ledger, a source and a file: the first proposes and stops where it would ask how the
// proposal stands; the second goes on from the file.
// node --import tsx openai-agents-process.ts propose|continue <file with { config, ledger, invoice, state }>
import { readFileSync, writeFileSync } from 'node:fs'
import { RunState, run } from '@openai/agents'
import { modelResponder, ScriptedModel } from '@openai/agents/testing'
import { createOpenAIAgentsTools, proposalsAwaiting } from '../../../adapters/openai-agents/index.js'
import { type Config, createRunner } from '../../../src/index.js'
import { wire } from './adapter-world.js'
import { agentOf, callOf, modelOf, shownTo } from './openai-agents-host.js'

/** What both processes are given. */
export interface World {
  readonly config: Config
  readonly ledger: string
  readonly invoice: string
  /** Where the state of the run is kept. */
  readonly state: string
}

const STATUS = wire('synapsor.proposal_status')
const PROPOSE = wire('billing.propose_late_fee_waiver')

const [, , step, file = ''] = process.argv
const { config, ledger, invoice, state } = JSON.parse(readFileSync(file, 'utf8')) as World

const runner = createRunner(config, { ledger })
const source = runner.sessionsFrom(() => ({ tenant_id: 'acme', principal: 'support_agent_17' }))
const tools = createOpenAIAgentsTools(source, { status_tool: true }).map((tool) =>
  tool.name === STATUS ? { ...tool, needsApproval: async () => true } : tool,
)
console.log(JSON.stringify(await (step === 'propose' ? propose() : goOn())))
await runner.close()

async function propose() {
  const model = new ScriptedModel([
    [callOf(PROPOSE, { invoice_id: invoice, reason: 'outage', fee: 0 })],
    modelResponder(({ request }) => {
      const [proposal_id] = /wrp_\w+/.exec(JSON.stringify(request.input)) ?? []
      return [callOf(STATUS, { proposal_id }, 'c2')]
    }),
  ])
  const result = await run(agentOf(model, tools), 'Waive the late fee.')
  writeFileSync(state, result.state.toString())
  return { waiting: proposalsAwaiting(result), stopped: result.interruptions.length }
}

async function goOn() {
  const model = modelOf()
  const agent = agentOf(model, tools)
  const restored = await RunState.fromString(agent, readFileSync(state, 'utf8'))
  for (const each of restored.getInterruptions()) restored.approve(each)
  const result = await run(agent, restored)
  return { waiting: proposalsAwaiting(result), shown: shownTo(model), said: result.finalOutput }
}
