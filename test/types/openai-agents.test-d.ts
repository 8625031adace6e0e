import { Agent, type RunItem, RunState, run, type Tool } from '@openai/agents'
import { expectTypeOf, it } from 'vitest'
import {
  type AwaitingProposal,
  createOpenAIAgentsTools,
  envelopeOf,
  type OpenAIAgentsTool,
  proposalsAwaiting,
} from '../../adapters/openai-agents/index.js'
import { type Config, createRunner, defineConfig, type Envelope } from '../../src/index.js'

interface User {
  readonly id: string
  readonly tenant: string
}
const user: User = { id: 'ann', tenant: 'acme' }

const contract = defineConfig({
  version: 1,
  mode: 'review',
  capabilities: [
    {
      name: 'depot.inspect_parcel',
      kind: 'read',
      source: 'depot',
      target: { table: 'parcels', primary_key: 'id', tenant_key: 'depot_id' },
      visible_columns: ['id'],
    },
  ],
})

declare const config: Config
declare const item: RunItem
const runner = createRunner(config)
const session = runner.session()
const source = runner.sessionsFrom(() => ({ tenant_id: 'acme', principal: 'support' }))

it('gives tools that an agent of any context takes, as they are', () => {
  const plain = new Agent({ name: 'Plain', tools: createOpenAIAgentsTools(session) })
  expectTypeOf(plain).toEqualTypeOf<Agent<unknown, 'text'>>()

  const ofUsers = new Agent<User>({ name: 'Users', tools: createOpenAIAgentsTools(source, { status_tool: true }) })
  expectTypeOf(ofUsers.tools).toEqualTypeOf<Tool<User>[]>()
  expectTypeOf(run(ofUsers, 'hi', { context: user })).resolves.toHaveProperty('newItems')
})

it('asks an agent for the context that its source needs', () => {
  const tools = createOpenAIAgentsTools(
    runner.sessionsFrom(({ tenant }: User) => ({ tenant_id: tenant, principal: 'a' })),
  )
  expectTypeOf(tools).toEqualTypeOf<OpenAIAgentsTool<User>[]>()
  new Agent<User>({ name: 'Users', tools })
  // @ts-expect-error its runs carry something else
  new Agent<{ other: string }>({ name: 'Others', tools })
})

it('takes the context by hand too, and then checks no names against the contract', () => {
  const named = createRunner(contract).sessionsFrom(({ tenant }: User) => ({ tenant_id: tenant, principal: 'a' }))
  const tools = createOpenAIAgentsTools<User>(named, { only: ['depot.approve'] })
  expectTypeOf(tools).toEqualTypeOf<OpenAIAgentsTool<User>[]>()
  expectTypeOf(createOpenAIAgentsTools<User>(createRunner(contract).session())).toEqualTypeOf<
    OpenAIAgentsTool<User>[]
  >()
  createOpenAIAgentsTools(named, { only: ['depot.inspect_parcel'], link: ({ id }) => ({ run_id: id, step_key: 'a' }) })
  // @ts-expect-error no such capability
  createOpenAIAgentsTools(named, { only: ['depot.approve'] })
  // @ts-expect-error the source gets something else from the runs
  createOpenAIAgentsTools<{ other: string }>(named)
})

it('gives tools of the framework itself, to be changed by its own means', () => {
  const tools = createOpenAIAgentsTools<User>(source)
  expectTypeOf(tools).toEqualTypeOf<OpenAIAgentsTool<User>[]>()
  expectTypeOf(tools).toExtend<Tool<User>[]>()
  const gated = tools.map((tool) => ({ ...tool, timeoutMs: 5000, needsApproval: async () => true }))
  new Agent<User>({ name: 'Gated', tools: gated })
})

it('takes the options of every adapter, and no others', () => {
  createOpenAIAgentsTools(session, {
    adapter: 'support',
    only: ['a.b'],
    inline_evidence: 'summary',
    link: () => undefined,
  })
  // @ts-expect-error an adapter cannot approve
  createOpenAIAgentsTools(session, { approve: true })
  // @ts-expect-error a runner makes sessions, it is none
  createOpenAIAgentsTools(runner)
})

it('finds proposals on a result, a stream, a state and an error', async () => {
  const agent = new Agent<User>({ name: 'Users', tools: createOpenAIAgentsTools(source) })
  const result = await run(agent, 'hi', { context: user })
  const stream = await run(agent, 'hi', { context: user, stream: true })
  expectTypeOf(proposalsAwaiting(result)).toEqualTypeOf<readonly AwaitingProposal[]>()
  proposalsAwaiting(stream)
  proposalsAwaiting(await RunState.fromString(agent, ''))
  expectTypeOf<keyof AwaitingProposal>().toEqualTypeOf<'id' | 'hash' | 'status' | 'target' | 'next'>()
})

it('gives the envelope of an item', () => {
  expectTypeOf(envelopeOf(item)).toEqualTypeOf<Envelope | undefined>()
})
