import { describe, expectTypeOf, it } from 'vitest'
import {
  type Config,
  createRunner,
  type Digest,
  defineConfig,
  type Envelope,
  type Evidence,
  type FrozenProposal,
  type ParsedConfig,
  type Proposal,
  type Receipt,
  type Runner,
  type Session,
  type TypedText,
  type WritebackJob,
} from '../../src/index.js'
import type { FaultPoint, faultPoints } from '../../src/testing/index.js'

const target = { schema: 'public', table: 'parcels', primary_key: 'id', tenant_key: 'depot_id' } as const
const lookup = { id_from_arg: 'parcel_id' } as const

const config = defineConfig({
  version: 1,
  mode: 'review',
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
      name: 'depot.list_parcels',
      kind: 'read',
      source: 'depot',
      target,
      visible_columns: ['id'],
      max_rows: 20,
    },
    {
      name: 'depot.propose_route',
      kind: 'proposal',
      source: 'depot',
      target,
      args: { parcel_id: { type: 'string' }, to: { type: 'string', enum: ['held', 'sent'] } },
      lookup,
      visible_columns: ['id', 'state'],
      patch: { state: { from_arg: 'to' } },
      allowed_columns: ['state'],
      conflict_guard: { column: 'revision', advance: 'integer' },
    },
  ],
})
const other = defineConfig({
  version: 1,
  mode: 'review',
  capabilities: [{ name: 'shop.inspect', kind: 'read', source: 'shop', target, visible_columns: ['sku'] }],
})

const runner = createRunner(config)
const session = runner.session({ tenant_id: 'north', principal: 'clerk' })

describe('a typed runner and its sessions', () => {
  it('offer the names of their contract, by kind', () => {
    expectTypeOf<Parameters<typeof session.inspect>[0]>().toEqualTypeOf<'depot.inspect_parcel' | 'depot.list_parcels'>()
    expectTypeOf<Parameters<typeof session.propose>[0]>().toEqualTypeOf<'depot.propose_route'>()
  })

  it('know arguments and visible columns', async () => {
    const { data } = await session.inspect('depot.inspect_parcel', { parcel_id: 'P-1' })
    expectTypeOf<keyof typeof data>().toEqualTypeOf<'id' | 'state'>()
    const rows = (await session.inspect('depot.list_parcels', {})).data
    expectTypeOf<keyof (typeof rows)[number]>().toEqualTypeOf<'id'>()
    await session.propose('depot.propose_route', { parcel_id: 'P-1', to: 'held' })
  })

  it('refuse another name and other arguments', async () => {
    // @ts-expect-error no such capability
    await session.inspect('no.such', {})
    // @ts-expect-error a proposal is no read
    await session.inspect('depot.propose_route', { parcel_id: 'P-1', to: 'held' })
    // @ts-expect-error a misspelled argument
    await session.inspect('depot.inspect_parcel', { parcel: 'P-1' })
    // @ts-expect-error a value outside the enumeration
    await session.propose('depot.propose_route', { parcel_id: 'P-1', to: 'lost' })
  })
})

describe('a plain Runner and Session', () => {
  const operate = (_: Runner): void => undefined
  const call = (_: Session): void => undefined

  it('are what a typed one is, too', () => {
    operate(runner)
    call(session)
    operate(createRunner(other))
  })

  it('hold a typed one in a property, a variable and an array', () => {
    const props: { readonly runner: Runner; readonly session: Session } = { runner, session }
    let current: Runner = runner
    current = createRunner(other)
    const sessions: Session[] = [session, current.session(), props.session]
    expectTypeOf(sessions).toEqualTypeOf<Session[]>()
  })

  it('are what a loaded contract makes', () => {
    operate(createRunner({} as ParsedConfig))
    operate(createRunner({} as Config))
  })

  it('take any name and scalars, and give rows of scalars', async () => {
    const plain: Session = session
    const { data } = await plain.inspect('any.name', { whatever: 1 })
    expectTypeOf(data).not.toBeAny()
    // @ts-expect-error an argument is a scalar
    await plain.inspect('any.name', { whatever: { nested: 1 } })
  })

  it('are what a function over every contract may use', () => {
    function supervised<C extends Config>(typed: Runner<C>): Runner<C> {
      operate(typed)
      call(typed.session())
      return typed
    }
    expectTypeOf(supervised(runner)).toEqualTypeOf<typeof runner>()
  })
})

describe('records', () => {
  it('are read-only at every depth', () => {
    expectTypeOf<Proposal['frozen']['allowed_columns']>().toEqualTypeOf<readonly string[]>()
    expectTypeOf<FrozenProposal['before']>().toEqualTypeOf<Readonly<Record<string, TypedText>>>()
    const change = (receipt: Receipt, job: WritebackJob, evidence: Evidence, envelope: Envelope): void => {
      // @ts-expect-error a detail of a receipt
      receipt.details.columns = []
      // @ts-expect-error a value of a job
      job.patch.late_fee = 0
      // @ts-expect-error a row of evidence
      evidence.rows.push({})
      // @ts-expect-error what an envelope allows
      envelope.proposal?.next_allowed_actions.push('apply')
    }
    expectTypeOf(change).toBeFunction()
  })

  it('have digests in their form', () => {
    expectTypeOf<Proposal['hash']>().toEqualTypeOf<Digest>()
    expectTypeOf<Receipt['proposal_hash']>().toEqualTypeOf<Digest>()
    expectTypeOf<Digest>().toExtend<string>()
  })
})

describe('fault points', () => {
  it('are all that a driver reports', () => {
    expectTypeOf<(typeof faultPoints)[number]>().toEqualTypeOf<FaultPoint>()
  })
})

describe('a runner of another contract', () => {
  it('is not taken for a typed one', () => {
    // @ts-expect-error other capabilities
    const mistaken: typeof runner = createRunner(other)
    // @ts-expect-error nothing is known of a plain one
    const guessed: typeof session = session as Session
    expectTypeOf(mistaken).toExtend<Runner>()
    expectTypeOf(guessed).toExtend<Session>()
  })
})
