import { Agent, RunState, run } from '@openai/agents'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createOpenAIAgentsTools, proposalsAwaiting, runsAwaiting } from '../../../adapters/openai-agents/index.js'
import { agent, lead } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import { FLOW, openFlow } from '../workflow/waiver-flow.js'
import { wire } from './adapter-world.js'
import { agentOf, callOf, modelOf } from './openai-agents-host.js'

let shop: Shop
beforeAll(async () => {
  shop = await openSqliteShop()
})
afterAll(() => shop.drop())

it('lists the runs that an agent started and that are not over, each once, also from a stored state', async () => {
  const { runner, invoice, close } = await openFlow(shop, 'steps')
  const tools = createOpenAIAgentsTools(runner.session(agent), { mode: 'workflows' })
  const start = { invoice_id: invoice, reason: 'outage' }
  const model = modelOf(callOf(wire(FLOW), start, 'c1'), callOf(wire(FLOW), start, 'c2'))
  const owner = agentOf(model, tools)
  const result = await run(owner, 'hi')

  const [waiting, ...others] = runsAwaiting(result)
  expect(others).toEqual([])
  expect(waiting).toMatchObject({ status: 'waiting_approval', awaiting: 'reviewer' })
  expect(proposalsAwaiting(result)).toEqual([])
  const stored = await RunState.fromString(new Agent({ name: owner.name, tools }), result.state.toString())
  expect(runsAwaiting(stored)).toEqual([waiting])

  await runner.reject(waiting?.proposal_id ?? '', { approver: lead })
  await runner.resumeAll()
  const look = modelOf(callOf(wire(FLOW), { run_id: waiting?.run_id }, 'c3'))
  expect(runsAwaiting(await run(agentOf(look, tools), 'How is it?'))).toEqual([])
  await close()
})
