import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { contract as deskContract, SEED as deskRows } from '../../../examples/refund-desk/desk.js'
import { refund } from '../../../examples/refund-desk/script.js'
import { type Config, createRunner, type Ids, type Session } from '../../../src/index.js'
import { fixedClock, memoryLedger } from '../../../src/testing/index.js'

type Proposal = Extract<NonNullable<Config['capabilities']>[number], { readonly kind: 'proposal' }>

/** What differs from page to page: the names of the program that the page shows beside the blocks. */
export interface PageContract {
  /** The columns of the one invoice that a model may see, beside its id. */
  readonly row: Readonly<Record<string, number | null>>
  readonly inspect: Pick<Proposal, 'description' | 'args'>
  readonly propose: Pick<Proposal, 'name' | 'description' | 'args' | 'patch'>
  /** What the proposal is called with. */
  readonly args: Readonly<Record<string, string | number>>
}

/** One call that a model makes. */
export interface ModelCall {
  readonly name: string
  readonly args: Readonly<Record<string, string | number>>
}

/** The refund desk of the examples, whose workflow is one tool of this adapter of its contract. */
export interface WorldOfDesk {
  readonly session: Session
  readonly adapter: string
  /** What starts a run. */
  readonly call: ModelCall
}

/** The same at every run: one invoice, a clock that stands still, ids that are counted. */
export interface World {
  readonly session: Session
  /** What a page shows of a model: it reads, it proposes, and it makes up an argument. */
  readonly calls: { readonly read: ModelCall; readonly proposal: ModelCall; readonly refusal: ModelCall }
  readonly desk: WorldOfDesk
}

/** Makes a world in an empty folder, and leaves nothing of it behind. */
export async function withWorld<Result>(page: PageContract, use: (world: World) => Promise<Result>): Promise<Result> {
  const base_dir = mkdtempSync(join(tmpdir(), 'synapsor-page-'))
  const runner = openRunner(contractOf(page), base_dir)
  const deskRunner = openRunner(deskContract, base_dir)
  try {
    makeInvoice(join(base_dir, 'billing.db'), page.row)
    await runner.migrate('billing')
    const session = runner.session({ tenant_id: 'acme', principal: 'support_agent_17', on_behalf_of: 'ann' })
    const read = { name: 'billing__inspect_invoice', args: { invoice_id: 'INV-3001' } }
    const proposal = { name: page.propose.name.replace('.', '__'), args: page.args }
    const refusal = { ...proposal, args: { ...page.args, tenant_id: 'globex' } }

    makeTables(join(base_dir, 'desk.db'), deskRows)
    await deskRunner.migrate('desk')
    const desk: WorldOfDesk = {
      session: deskRunner.session({ tenant_id: 'acme', principal: 'support_agent_17', on_behalf_of: 'jon' }),
      adapter: 'agent',
      call: { name: 'resolve_support_ticket', args: refund },
    }
    return await use({ session, calls: { read, proposal, refusal }, desk })
  } finally {
    await runner.close()
    await deskRunner.close()
    rmSync(base_dir, { recursive: true, force: true })
  }
}

function openRunner(config: Config, base_dir: string) {
  const clock = fixedClock()
  return createRunner(config, {
    ...{ base_dir, clock, ids: countedIds(clock.now()), ledger: memoryLedger() },
    logger: { info: () => {}, warn: console.error },
  })
}

function contractOf({ row, inspect, propose }: PageContract): Config {
  const common = {
    source: 'billing',
    target: { table: 'invoices', primary_key: 'id', tenant_key: 'tenant_id' },
    lookup: { id_from_arg: 'invoice_id' },
    visible_columns: ['id', ...Object.keys(row)],
  } as const
  return {
    version: 1,
    mode: 'review',
    sources: { billing: { engine: 'sqlite', path: 'billing.db' } },
    capabilities: [
      { ...common, ...inspect, name: 'billing.inspect_invoice', kind: 'read' },
      {
        ...{ ...common, ...propose, kind: 'proposal' },
        allowed_columns: Object.keys(propose.patch ?? {}),
        conflict_guard: { column: 'version' },
      },
    ],
  }
}

function makeInvoice(path: string, row: PageContract['row']): void {
  const columns = Object.entries(row).map(([name, value]) => `${name} ${value === null ? 'text' : 'integer'}`)
  makeTables(
    path,
    `
    create table invoices (id text primary key, tenant_id text not null, ${columns.join(', ')}, version integer not null);
    insert into invoices values ('INV-3001', 'acme', ${Object.values(row).map(String).join(', ')}, 1);
  `,
  )
}

function makeTables(path: string, statements: string): void {
  const database = new DatabaseSync(path)
  database.exec(statements)
  database.close()
}

/** Ids of the usual length and look. */
function countedIds(now: Date): Ids {
  const time = now.getTime().toString(16).padStart(12, '0')
  let made = 0
  return {
    next: (prefix) => {
      const digits = createHash('sha256').update(`${prefix} ${made++}`).digest('hex').slice(0, 20)
      return `${prefix}_${time}${digits}`
    },
  }
}
