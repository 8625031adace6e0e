import {
  Annotation,
  Command,
  type CommandInstance,
  END,
  MessagesAnnotation,
  START,
  StateGraph,
} from '@langchain/langgraph'
import { ToolNode } from '@langchain/langgraph/prebuilt'
import { createAgent, type HITLRequest } from 'langchain'
import { describe, expectTypeOf, it } from 'vitest'
import * as z from 'zod'
import {
  type ApprovalCard,
  createApprovalNode,
  createCapabilityNode,
  createLangGraphTools,
  resumeWith,
} from '../../adapters/langgraph/index.js'
import { type Config, createRunner, defineConfig, type Envelope, type ProposalView } from '../../src/index.js'

const target = { table: 'parcels', primary_key: 'id', tenant_key: 'depot_id' } as const
const config = defineConfig({
  version: 1,
  mode: 'review',
  capabilities: [
    {
      name: 'depot.propose_route',
      kind: 'proposal',
      source: 'depot',
      target,
      args: { parcel_id: { type: 'string' }, to: { type: 'string', enum: ['held', 'sent'] } },
      lookup: { id_from_arg: 'parcel_id' },
      visible_columns: ['id', 'state'],
      patch: { state: { from_arg: 'to' } },
      allowed_columns: ['state'],
      conflict_guard: { column: 'revision' },
    },
  ],
})
const runner = createRunner(config)
const session = runner.session({ tenant_id: 'north', principal: 'clerk' })
const plain = createRunner({} as Config).session({ tenant_id: 'north', principal: 'clerk' })

const annotated = Annotation.Root({ parcel: Annotation<string>, id: Annotation<string>, status: Annotation<string> })
const zod = z.object({ parcel: z.string(), id: z.string(), status: z.string().optional() })

/** A graph is built for its types alone. */
const typesOf = <Value>(_: () => Value) => expectTypeOf<Value>()

describe('the nodes', () => {
  it('fit a state of Annotation.Root', () => {
    type State = typeof annotated.State
    const propose = createCapabilityNode(session, 'depot.propose_route', {
      args: ({ parcel }: State) => ({ parcel_id: parcel, to: 'held' }),
      to: (envelope, state) => {
        expectTypeOf(envelope).toEqualTypeOf<Envelope<never>>()
        expectTypeOf(state).toEqualTypeOf<State>()
        return { id: envelope.proposal?.id ?? '' }
      },
    })
    const approval = createApprovalNode(session, {
      proposal: ({ id }: State) => id,
      to: (view) => {
        expectTypeOf(view).toEqualTypeOf<ProposalView>()
        return { status: view.status }
      },
    })
    expectTypeOf(propose).returns.resolves.toEqualTypeOf<{ id: string }>()
    typesOf(() =>
      new StateGraph(annotated)
        .addNode('propose', propose)
        .addNode('approval', approval)
        .addEdge(START, 'propose')
        .addEdge('propose', 'approval')
        .compile()
        .invoke({ parcel: 'P-1' }),
    ).resolves.toEqualTypeOf<State>()
  })

  it('fit a state in zod, and Commands', () => {
    type State = z.infer<typeof zod>
    const approval = createApprovalNode(
      runner.sessionsFrom(() => ({ tenant_id: 'north', principal: 'clerk' })),
      {
        proposal: ({ id }: State) => id,
        to: ({ status }) => new Command({ update: { status }, goto: END }),
        decide: { reviewer: (_, { configurable }) => configurable && runner.reviewer({ id: configurable.person }) },
      },
    )
    expectTypeOf(approval).returns.resolves.toExtend<CommandInstance>()
    typesOf(() => new StateGraph(zod).addNode('approval', approval, { ends: [END] }).addEdge(START, 'approval'))
  })

  it('refuse what the contract does not know', () => {
    const to = () => ({})
    // @ts-expect-error no such capability
    createCapabilityNode(session, 'depot.approve', { args: () => ({}), to })
    // @ts-expect-error no such argument
    createCapabilityNode(session, 'depot.propose_route', { args: () => ({ parcel_id: 'P', to: 'held', fee: 1 }), to })
    // @ts-expect-error a value that the contract does not allow
    createCapabilityNode(session, 'depot.propose_route', { args: () => ({ parcel_id: 'P', to: 'lost' }), to })
    // @ts-expect-error a missing argument
    createCapabilityNode(session, 'depot.propose_route', { args: () => ({ parcel_id: 'P' }), to })
  })

  it('take any contract that was loaded at run time', () => {
    createCapabilityNode(plain, 'any.name', { args: () => ({ id: 'x' }), to: ({ ok }) => ({ ok }) })
  })
})

describe('the tools', () => {
  it('go wherever LangChain takes tools', () => {
    const tools = createLangGraphTools(session, { status_tool: true })
    typesOf(() => createAgent({ model: 'openai:none', tools }))
    typesOf(() => new StateGraph(MessagesAnnotation).addNode('tools', new ToolNode(tools)))
  })
})

it('a resume goes into any graph, with the config that it was given', () => {
  const { command, config } = resumeWith([], { configurable: { thread_id: 't' }, tags: ['x'] }, 'interrupt')
  expectTypeOf(config.configurable).toExtend<{ thread_id: string; synapsor_resume_id: string }>()
  expectTypeOf(config.tags).toEqualTypeOf<string[]>()
  typesOf(() =>
    new StateGraph(annotated)
      .addNode('end', () => ({}))
      .addEdge(START, 'end')
      .compile()
      .invoke(command, config),
  )
  // @ts-expect-error a run has a thread
  resumeWith([])
})

it('the card is a HITLRequest', () => {
  expectTypeOf<ApprovalCard>().toExtend<HITLRequest>()
})
