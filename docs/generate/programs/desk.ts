import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { createRunner, type Runner, type Runtime } from '../../../src/index.js'
import { type FixedClock, fixedClock } from '../../../src/testing/index.js'
import { TERMINAL_CONTRACT } from './contract.js'
import { countedIds, createTerminal, type Type } from './terminal.js'

export type DeskRunner = Runner<typeof TERMINAL_CONTRACT>

/** A folder with a contract, a seeded SQLite source and a ledger, at a clock that stands still. */
export interface Desk {
  readonly clock: FixedClock
  readonly runner: DeskRunner
  readonly type: Type
  propose(name: 'late_fee_waiver' | 'credit', invoice_id: string, more: object): Promise<string>
  /** Runs SQL in the source behind the runner's back. */
  sql(statement: string): void
  /** Runs SQL in the ledger file, as somebody who owns it could. */
  forge(statement: string): void
  /** Another runner on the same files. */
  open(runtime: Partial<Runtime>): DeskRunner
  readonly folder: string
}

const SEED = `
create table invoices (
  id text primary key,
  tenant_id text not null,
  customer text not null,
  late_fee_cents integer not null,
  credit_cents integer not null default 0,
  note text,
  version integer not null default 1
);
insert into invoices (id, tenant_id, customer, late_fee_cents) values
  ('INV-3001', 'acme', 'Ann Archer', 5500),
  ('INV-3002', 'acme', 'Bo Berg', 2500),
  ('INV-3003', 'acme', 'Cy Cole', 1500);
`

/** Makes a desk in an empty folder, and leaves nothing of it behind. */
export async function withDesk<Result>(use: (desk: Desk) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'synapsor-desk-'))
  const execute = (file: string, statements: string) => {
    const database = new DatabaseSync(join(folder, file))
    database.exec(statements)
    database.close()
  }
  execute('shop.db', SEED)
  writeFileSync(join(folder, 'synapsor.runner.json'), JSON.stringify(TERMINAL_CONTRACT))
  const runtime = { clock: fixedClock('2026-03-02T09:00:00.000Z'), ids: countedIds() }
  const logger = { info: () => {}, warn: console.error }
  const open = (more: Partial<Runtime>) =>
    createRunner(TERMINAL_CONTRACT, { base_dir: folder, ...runtime, logger, ...more })
  const runner = open({})
  try {
    await runner.migrate('shop')
    const session = runner.session({ claims: { org: 'acme', client: 'support_agent', sub: 'sam' } })
    return await use({
      ...{ folder, runner, open, clock: runtime.clock },
      type: createTerminal({ folder, runtime }),
      propose: async (name, invoice_id, more) => {
        const { proposal, error } = await session.call(`billing.propose_${name}`, { invoice_id, ...more })
        if (proposal === undefined) throw new Error(`Nothing was proposed: ${error?.message}`)
        return proposal.id
      },
      sql: (statement) => execute('shop.db', statement),
      forge: (statement) => execute('.synapsor/local.db', statement),
    })
  } finally {
    await runner.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
