import { generateText, type InferUITools, streamText, ToolLoopAgent, type ToolSet, type UIMessage } from 'ai'
import { describe, expectTypeOf, it } from 'vitest'
import { type AISDKTool, createAISDKTools } from '../../adapters/ai/index.js'
import {
  type Config,
  createRunner,
  defineConfig,
  type Envelope,
  type JsonScalar,
  type ParsedConfig,
  type Session,
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
  })
})
