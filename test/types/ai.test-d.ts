import { generateText, type InferUITools, streamText, ToolLoopAgent, type ToolSet, type UIMessage } from 'ai'
import { describe, expectTypeOf, it } from 'vitest'
import { type AISDKTool, type AISDKTools, createAISDKTools } from '../../adapters/ai/index.js'
import {
  type Config,
  createRunner,
  defineConfig,
  type Envelope,
  type JsonScalar,
  type ParsedConfig,
  type Session,
  type ToolOptions,
  type ToolOptionsOf,
} from '../../src/index.js'

const target = { schema: 'public', table: 'parcels', primary_key: 'id', tenant_key: 'depot_id' } as const
const lookup = { id_from_arg: 'parcel_id' } as const

const contract = defineConfig({
  version: 1,
  mode: 'review',
  adapters: {
    desk: {
      type: 'ai_sdk',
      expose: [{ capability: 'depot.propose_route', as: 'reroute' }, { capability: 'depot.inspect_parcel' }],
    },
    open: { type: 'ai_sdk', inline_evidence: 'summary' },
  },
  capabilities: [
    {
      name: 'depot.inspect_parcel',
      kind: 'read',
      source: 'depot',
      target,
      args: { parcel_id: { type: 'string' } },
      lookup,
      visible_columns: ['id', 'state'],
    },
    {
      name: 'depot.propose_route',
      kind: 'proposal',
      source: 'depot',
      target,
      args: {
        parcel_id: { type: 'string' },
        to: { type: 'string', enum: ['held', 'sent'] },
        weight: { type: 'integer', required: false },
      },
      lookup,
      visible_columns: ['id', 'state'],
      patch: { state: { from_arg: 'to' } },
      allowed_columns: ['state'],
      conflict_guard: { column: 'revision', advance: 'integer' },
    },
  ],
})
const runner = createRunner(contract)
const tools = createAISDKTools(runner.session({ tenant_id: 'north', principal: 'clerk' }))
type Tools = typeof tools
type UITools = InferUITools<Tools>
type RouteInput = { parcel_id: string; to: 'held' | 'sent'; weight?: number }

describe('the tools of a typed contract', () => {
  it('have the wire names of its capabilities', () => {
    expectTypeOf<keyof Tools>().toEqualTypeOf<'depot__inspect_parcel' | 'depot__propose_route'>()
    // @ts-expect-error the canonical name is not the wire name
    expectTypeOf(tools['depot.inspect_parcel']).toBeAny()
    // @ts-expect-error no such capability
    expectTypeOf(tools.depot__approve).toBeAny()
  })

  it('take the arguments of their capability', () => {
    expectTypeOf<Parameters<Tools['depot__propose_route']['execute']>[0]>().toEqualTypeOf<RouteInput>()
    expectTypeOf<Tools['depot__inspect_parcel']>().toEqualTypeOf<
      AISDKTool<{ parcel_id: string }, Envelope<{ readonly id: JsonScalar; readonly state: JsonScalar }>>
    >()
  })

  it('are the same from a session and from a source of sessions', () => {
    const source = runner.sessionsFrom(() => ({ tenant_id: 'north', principal: 'clerk' }))
    expectTypeOf(createAISDKTools(source)).toEqualTypeOf<Tools>()
    expectTypeOf(createAISDKTools(source, { inline_evidence: 'summary' })).toEqualTypeOf<Tools>()
  })

  it('are those that the options show, under their names', () => {
    const session = runner.session()
    type NamesOf<Given> = keyof Given
    const only = createAISDKTools(session, { only: ['depot.inspect_parcel'] })
    expectTypeOf<NamesOf<typeof only>>().toEqualTypeOf<'depot__inspect_parcel'>()
    const desk = createAISDKTools(session, { adapter: 'desk' })
    expectTypeOf<NamesOf<typeof desk>>().toEqualTypeOf<'reroute' | 'depot__inspect_parcel'>()
    expectTypeOf<Parameters<(typeof desk)['reroute']['execute']>[0]>().toEqualTypeOf<RouteInput>()
    const lookup = createAISDKTools(session, { adapter: 'desk', only: ['depot.inspect_parcel'], status_tool: true })
    expectTypeOf<NamesOf<typeof lookup>>().toEqualTypeOf<'depot__inspect_parcel' | 'synapsor__proposal_status'>()
    const open = createAISDKTools(session, { adapter: 'open' })
    expectTypeOf<NamesOf<typeof open>>().toEqualTypeOf<keyof Tools>()
    // @ts-expect-error the contract has no such adapter
    createAISDKTools(session, { adapter: 'elsewhere' })
    // @ts-expect-error no such capability
    createAISDKTools(session, { only: ['depot.approve'] })
    // @ts-expect-error misspelled
    createAISDKTools(session, { onyl: ['depot.inspect_parcel'] })
  })

  it('leave out proposals where the mode is read_only', () => {
    const reading = createAISDKTools(createRunner(defineConfig({ ...contract, mode: 'read_only' })).session())
    expectTypeOf<keyof typeof reading>().toEqualTypeOf<'depot__inspect_parcel'>()
  })

  it('have one more where the status tool is asked for', () => {
    const more = createAISDKTools(runner.session(), { status_tool: true })
    expectTypeOf<keyof typeof more>().toEqualTypeOf<keyof Tools | 'synapsor__proposal_status'>()
    // @ts-expect-error not asked for
    expectTypeOf(tools.synapsor__proposal_status).toBeAny()
  })
})

describe('what the compiler cannot know', () => {
  const session = runner.session()
  type Keys<Given> = keyof Given
  type OptionalKeys<Given> = {
    [Key in keyof Given]-?: Record<never, never> extends Pick<Given, Key> ? Key : never
  }[keyof Given]
  type All = 'depot__inspect_parcel' | 'depot__propose_route'
  type Aliased = 'reroute' | 'depot__inspect_parcel'
  type Name = 'depot.inspect_parcel' | 'depot.propose_route'

  it('leaves open which of the names a list of unknown length holds', () => {
    const tools = createAISDKTools(session, { only: [] as Name[] })
    expectTypeOf<Keys<typeof tools>>().toEqualTypeOf<All>()
    expectTypeOf<OptionalKeys<typeof tools>>().toEqualTypeOf<All>()
    expectTypeOf(tools).toExtend<ToolSet>()
    const reading = createAISDKTools(session, { only: [] as 'depot.inspect_parcel'[] })
    expectTypeOf<OptionalKeys<typeof reading>>().toEqualTypeOf<'depot__inspect_parcel'>()
    const either = createAISDKTools(session, { only: ['depot.inspect_parcel' as Name] })
    expectTypeOf<OptionalKeys<typeof either>>().toEqualTypeOf<All>()
    const lists = createAISDKTools(session, { only: {} as readonly ['depot.inspect_parcel'] | readonly [] })
    expectTypeOf<OptionalKeys<typeof lists>>().toEqualTypeOf<'depot__inspect_parcel'>()
  })

  it('leaves open what options may hold, or may not', () => {
    const only = createAISDKTools(session, {} as { readonly only?: readonly ['depot.inspect_parcel'] })
    expectTypeOf<OptionalKeys<typeof only>>().toEqualTypeOf<All>()
    const adapter = createAISDKTools(session, {} as { readonly adapter?: 'desk' })
    expectTypeOf<OptionalKeys<typeof adapter>>().toEqualTypeOf<All | Aliased>()
    const status = createAISDKTools(session, {} as { readonly status_tool?: boolean })
    expectTypeOf<OptionalKeys<typeof status>>().toEqualTypeOf<'synapsor__proposal_status'>()
    expectTypeOf<Keys<typeof status>>().toEqualTypeOf<All | 'synapsor__proposal_status'>()
    const any = createAISDKTools(session, {} as ToolOptionsOf<typeof contract>)
    expectTypeOf<OptionalKeys<typeof any>>().toEqualTypeOf<All | Aliased | 'synapsor__proposal_status'>()
    expectTypeOf(any).toExtend<ToolSet>()
  })

  it('leaves open which of several options were given', () => {
    const adapter = createAISDKTools(session, { adapter: 'desk' as 'desk' | 'open' })
    expectTypeOf<OptionalKeys<typeof adapter>>().toEqualTypeOf<All | Aliased>()
    const options = createAISDKTools(session, Math.random() > 0.5 ? { adapter: 'desk' } : { status_tool: true })
    expectTypeOf<OptionalKeys<typeof options>>().toEqualTypeOf<All | Aliased | 'synapsor__proposal_status'>()
  })

  it('leaves out names whose end is a digest', () => {
    const [read] = contract.capabilities
    const name = 'depot.inspect_a_parcel_that_has_not_been_seen_for_a_longer_time'
    const longest = { ...read, name } as const
    const longer = { ...read, name: `${name}s` } as const
    const long = createRunner(defineConfig({ ...contract, adapters: {}, capabilities: [longest, longer] })).session()
    expectTypeOf<keyof AISDKTools<typeof contract>>().toEqualTypeOf<All>()
    const tools = createAISDKTools(long)
    expectTypeOf<
      Keys<typeof tools>
    >().toEqualTypeOf<'depot__inspect_a_parcel_that_has_not_been_seen_for_a_longer_time'>()
  })

  it('knows a capability under both of the names that an adapter gives it', () => {
    const expose = [{ capability: 'depot.inspect_parcel' }, { capability: 'depot.inspect_parcel', as: 'look' }] as const
    const twice = createRunner(defineConfig({ ...contract, adapters: { desk: { type: 'ai_sdk', expose } } }))
    const tools = createAISDKTools(twice.session(), { adapter: 'desk', only: ['depot.inspect_parcel'] })
    expectTypeOf<Keys<typeof tools>>().toEqualTypeOf<'depot__inspect_parcel' | 'look'>()
    expectTypeOf<OptionalKeys<typeof tools>>().toEqualTypeOf<never>()
  })
})

it('the link gets what the runs carry', () => {
  const source = runner.sessionsFrom(({ tenant }: { tenant: string }) => ({ tenant_id: tenant, principal: 'clerk' }))
  createAISDKTools(source, {
    link: (host) => {
      expectTypeOf(host).toEqualTypeOf<{ tenant: string }>()
      return { run_id: host.tenant, step_key: 'ask' }
    },
  })
})

describe('the AI SDK', () => {
  it('takes them as they are', () => {
    expectTypeOf(tools).toExtend<ToolSet>()
    const run = (model: Parameters<typeof generateText>[0]['model']) => [
      generateText({ model, tools, prompt: 'p' }),
      streamText({ model, tools, prompt: 'p' }),
      new ToolLoopAgent({ model, tools }),
    ]
    expectTypeOf(run).toBeFunction()
  })

  it('knows which tool was called with what, and its whole answer', async () => {
    const { steps } = await generateText({ model: 'none', tools, prompt: 'p' })
    const result = steps[0]?.toolResults[0]
    if (result?.dynamic !== true && result?.toolName === 'depot__propose_route') {
      expectTypeOf(result.input).toEqualTypeOf<RouteInput>()
      expectTypeOf(result.output).toEqualTypeOf<Envelope<never>>()
    }
    // @ts-expect-error no such tool
    if (result?.dynamic !== true && result?.toolName === 'depot__approve') return
  })

  it('infers the parts of messages for a user interface', () => {
    expectTypeOf<UITools['depot__propose_route']>().toEqualTypeOf<{ input: RouteInput; output: Envelope<never> }>()
    type Part = UIMessage<unknown, never, UITools>['parts'][number]['type']
    expectTypeOf<'tool-depot__inspect_parcel'>().toExtend<Part>()
    // @ts-expect-error no such tool
    expectTypeOf<'tool-depot__approve'>().toExtend<Part>()
  })
})

describe('the tools of a contract that is loaded at run time', () => {
  it('are a record of any names', () => {
    const plain = createAISDKTools({} as Session)
    expectTypeOf(plain).toExtend<Readonly<Record<string, AISDKTool>>>()
    expectTypeOf(plain).toExtend<ToolSet>()
    expectTypeOf(createAISDKTools(createRunner({} as ParsedConfig).session())).toExtend<typeof plain>()
    expectTypeOf(plain.any__name).not.toBeAny()
    expectTypeOf(createAISDKTools(createRunner({} as Config).session())).toEqualTypeOf<typeof plain>()
    expectTypeOf(createAISDKTools({} as Session, {} as ToolOptions)).toExtend<ToolSet>()
  })

  it('are those that are asked for by name, where no adapter renames them', () => {
    const plain = {} as Session
    const only = createAISDKTools(plain, { only: ['depot.inspect_parcel'] })
    expectTypeOf<keyof typeof only>().toEqualTypeOf<'depot__inspect_parcel'>()
    expectTypeOf(only.depot__inspect_parcel).toEqualTypeOf<AISDKTool>()
    const renamed = createAISDKTools(plain, { adapter: 'desk', only: ['depot.inspect_parcel'] })
    expectTypeOf(renamed).toExtend<Readonly<Record<string, AISDKTool>>>()
    expectTypeOf(createAISDKTools(plain, { only: [] as string[] }).any__name).not.toBeAny()
  })
})

describe('the tools of a contract with workflows', () => {
  const session = createRunner(
    defineConfig({
      ...contract,
      workflows: [
        {
          name: 'depot.reroute_parcel',
          version: '1',
          input: { parcel_id: { type: 'string' }, urgent: { type: 'boolean', required: false } },
          allowed_capabilities: ['depot.inspect_parcel', 'depot.propose_route'],
        },
      ],
    }),
  ).session()
  type Continuation = { run_id: string; step?: string; information?: Record<string, JsonScalar> }

  it('have one for each, which starts a run or goes on with one', () => {
    const both = createAISDKTools(session)
    expectTypeOf<keyof typeof both>().toEqualTypeOf<
      'depot__inspect_parcel' | 'depot__propose_route' | 'depot__reroute_parcel'
    >()
    expectTypeOf<Parameters<(typeof both)['depot__reroute_parcel']['execute']>[0]>().toEqualTypeOf<
      { parcel_id: string; urgent?: boolean } | Continuation
    >()
    const whole = createAISDKTools(session, { mode: 'workflows' })
    expectTypeOf<keyof typeof whole>().toEqualTypeOf<'depot__reroute_parcel'>()
    const single = createAISDKTools(session, { mode: 'capabilities' })
    expectTypeOf<keyof typeof single>().toEqualTypeOf<'depot__inspect_parcel' | 'depot__propose_route'>()
    const only = createAISDKTools(session, { only: ['depot.reroute_parcel'] })
    expectTypeOf<keyof typeof only>().toEqualTypeOf<'depot__reroute_parcel'>()
    expectTypeOf(whole).toExtend<ToolSet>()
  })
})
