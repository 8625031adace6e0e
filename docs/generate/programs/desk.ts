import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import type { Io } from '../../../src/cli/io.js'
import { runCli } from '../../../src/cli/run.js'
import type { Stop } from '../../../src/cli/stop.js'
import { createRunner, type Ids, type Runner, type Runtime } from '../../../src/index.js'
import { type FixedClock, fixedClock } from '../../../src/testing/index.js'
import { TERMINAL_CONTRACT } from './contract.js'

export type DeskRunner = Runner<typeof TERMINAL_CONTRACT>

/** A folder with a contract, a seeded SQLite source and a ledger, at a clock that stands still. */
export interface Desk {
  readonly clock: FixedClock
  readonly runner: DeskRunner
  /** Runs one command line there, as somebody at a terminal who says yes, and gives what a page shows of it. */
  type(line: string): Promise<string>
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
  const seen = new Map<string, string>()
  try {
    await runner.migrate('shop')
    const session = runner.session({ claims: { org: 'acme', client: 'support_agent', sub: 'sam' } })
    return await use({
      ...{ folder, runner, open, clock: runtime.clock },
      type: async (line) => steady(`$ synapsor-runner ${line}\n${await run(line, folder, runtime)}`, folder, seen),
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

async function run(line: string, cwd: string, runtime: NonNullable<Io['runtime']>): Promise<string> {
  const out: string[] = []
  const err: string[] = []
  const exit_code = await runCli(wordsOf(line), {
    ...{ cwd, runtime, env: {}, columns: 100, colors: false, interactive: true },
    now: () => runtime.clock?.now() ?? new Date(),
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    confirm: async () => true,
    untilStopped: async () => NEVER_STOPPED,
  })
  // What is asked, and how far it is, goes to stderr too: of that, an error is the last.
  return exit_code !== 0 && out.length === 0 ? (err.at(-1) ?? '') : out.join('')
}

const NEVER_STOPPED: Stop = {
  requested: new Promise(() => undefined),
  signal: new AbortController().signal,
  dispose: () => undefined,
}

function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '')
}

/** What differs from one run to the next, or from machine to machine, is put into a form that does not. */
function steady(text: string, folder: string, seen: Map<string, string>): string {
  const digests = text.replaceAll(/(?<=sha256:)[0-9a-f]{12,64}/g, (found) => {
    const standing = seen.get(found) ?? createHash('sha256').update(`digest ${seen.size}`).digest('hex')
    seen.set(found, standing)
    return standing.slice(0, found.length)
  })
  return digests
    .replaceAll(folder, '/srv/desk')
    .replace(/Node\.js \d+\.\d+\.\d+/, 'Node.js 24.11.0')
    .replace(/SQLite \d+\.\d+\.\d+/, 'SQLite 3.53.0')
    .replaceAll(/\d+(?:\.\d+)? KiB/g, '64.0 KiB')
}

/** Ids of the usual length and look, of one moment, and in the order in which they were made. */
function countedIds(): Ids {
  let made = 0
  return {
    next: (prefix) => {
      made += 1
      const chance = createHash('sha256').update(`${prefix} ${made}`).digest('hex').slice(0, 18)
      return `${prefix}_019cacd4fe${made.toString(16).padStart(4, '0')}${chance}`
    },
  }
}
