import { join } from 'node:path'
import { type Config, createRunner, type Envelope, type Runner, type Session } from '../../../src/index.js'
import { agent, contractOf, insertInvoice } from '../loop/loop.js'
import type { Shop } from '../loop/shop.js'
import { openTap, type Tap } from './tap.js'

/** A shop under attack: text keys in `invoices`, whole-number keys, decimals and times in `crates`. */
export interface Market {
  readonly shop: Shop
  readonly tap: Tap
  readonly runner: Runner
  readonly session: Session
  /** Statements that one honest call of each capability needs: all that may ever be sent. */
  readonly known: ReadonlySet<string>
  /** What the tenant gets for a row that is not there. */
  readonly absent: { readonly invoice: Envelope; readonly crate: Envelope }
  contents(): Promise<string>
  /** Statements of runners with another contract, which are other statements. */
  readonly aside: Tap
  /** Another runner, over connections of its own, with a contract that was changed. */
  changed(change: (contract: MutableContract) => void): Runner
  close(): Promise<void>
}

/** A contract as plain data, for tests that break it. */
export type MutableContract = Record<string, unknown> & { capabilities: Record<string, unknown>[] }

const TABLES = ['invoices', 'crates']
const MOMENT = { postgres: 'timestamptz(6)', mysql: 'timestamp(6) null default null', sqlite: 'datetime' } as const

const crates = { table: 'crates', primary_key: 'number', tenant_key: 'tenant_id' }
const proposal = {
  kind: 'proposal',
  source: 'shop',
  target: crates,
  lookup: { id_from_arg: 'number' },
  visible_columns: ['number', 'label', 'weight', 'due_at'],
  conflict_guard: { column: 'version' },
  on_active_proposal: 'allow',
}

/** Every kind of argument on every kind of column. */
const CRATES = [
  {
    name: 'crates.inspect',
    kind: 'read',
    source: 'shop',
    target: crates,
    args: { number: { type: 'integer' } },
    lookup: { id_from_arg: 'number' },
    visible_columns: ['number', 'label'],
  },
  {
    name: 'crates.find',
    kind: 'read',
    source: 'shop',
    target: crates,
    args: { number: { type: 'string', max_length: 64 } },
    lookup: { id_from_arg: 'number' },
    visible_columns: ['number', 'label'],
  },
  {
    name: 'crates.list',
    kind: 'read',
    source: 'shop',
    target: crates,
    visible_columns: ['number', 'label'],
    max_rows: 10,
  },
  {
    ...proposal,
    name: 'crates.propose_weight',
    args: { number: { type: 'integer' }, weight: { type: 'number' } },
    patch: { weight: { from_arg: 'weight' } },
    allowed_columns: ['weight'],
    numeric_bounds: { weight: { minimum: 0, maximum: 9000 } },
  },
  {
    ...proposal,
    name: 'crates.propose_due',
    args: { number: { type: 'integer' }, due_at: { type: 'string', max_length: 64 } },
    patch: { due_at: { from_arg: 'due_at' } },
    allowed_columns: ['due_at'],
  },
]

export async function openMarket(shop: Shop): Promise<Market> {
  await shop.run(`create table crates (number bigint primary key not null, tenant_id varchar(64) not null,
    label varchar(100) not null, weight decimal(6,2) not null, due_at ${MOMENT[shop.engine]}, version integer not null)`)
  if (shop.engine === 'postgres') await shop.run('grant select on crates to public; grant update on crates to public')
  if (shop.engine === 'mysql') await shop.run('alter table invoices modify customer varchar(4000) not null')
  await shop.run(
    "insert into crates values (1, 'acme', 'apples', 12.50, null, 1), (2, 'globex', 'pears', 3.25, null, 1)",
  )
  await insertInvoice(shop, 'INV-1', 'acme')
  await insertInvoice(shop, 'INV-2', 'globex')
  const tap = await openTap(shop)
  const aside = await openTap(shop)
  const opened: Runner[] = []
  const open = (contract: MutableContract, { connections }: Tap): Runner => {
    const runner = createRunner(contract as unknown as Config, {
      connections: { shop: connections },
      env: {},
      ledger: join(shop.folder, `market-${opened.length}.db`),
      logger: { info: () => undefined, warn: () => undefined },
    })
    opened.push(runner)
    return runner
  }

  const runner = open(fullContract(shop), tap)
  const session = runner.session(agent)
  await callEach(session, shop.engine)
  return {
    shop,
    tap,
    runner,
    session,
    known: new Set(tap.sent),
    absent: {
      invoice: await session.call('billing.inspect_invoice', { invoice_id: 'INV-NONE' }),
      crate: await session.call('crates.inspect', { number: 404 }),
    },
    aside,
    contents: () => tap.contents(TABLES),
    changed: (change) => {
      const contract = fullContract(shop)
      change(contract)
      return open(contract, aside)
    },
    close: async () => {
      for (const each of opened) await each.close()
      await tap.close()
      await aside.close()
    },
  }
}

function fullContract(shop: Shop): MutableContract {
  const contract = contractOf(shop, { propose: { on_active_proposal: 'allow' } }) as unknown as MutableContract
  return structuredClone({ ...contract, capabilities: [...contract.capabilities, ...CRATES] })
}

/** One honest call of each capability. */
async function callEach(session: Session, engine: Shop['engine']): Promise<void> {
  const calls: readonly (readonly [string, Record<string, unknown>])[] = [
    ['billing.inspect_invoice', { invoice_id: 'INV-1' }],
    ['billing.propose_late_fee_waiver', { invoice_id: 'INV-1', reason: 'outage', fee: 100 }],
    ['crates.inspect', { number: 1 }],
    ['crates.find', { number: '1' }],
    ['crates.list', {}],
    ['crates.propose_weight', { number: 1, weight: 2.5 }],
    ['crates.propose_due', { number: 1, due_at: engine === 'sqlite' ? '2026-01-01 00:00:00' : '2026-01-01T00:00:00Z' }],
  ]
  for (const [name, args] of calls) {
    const { ok, summary } = await session.call(name, args)
    if (!ok) throw new Error(`${name}: ${summary}`)
  }
}
