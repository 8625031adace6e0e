import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DOCUMENTS, errorDocument } from '../../src/cli/documents/index.js'
import type { Io } from '../../src/cli/io.js'
import type { Asker } from '../../src/cli/onboarding/wizard/asker.js'
import { runCli } from '../../src/cli/run.js'
import { openSqlite } from '../../src/drivers/sqlite-library.js'
import { createRunner, loadConfig, type Runner, type Runtime, type Session } from '../../src/index.js'
import { type FixedClock, fixedClock } from '../../src/testing/index.js'
import { DESK_CONTRACT } from './cli-contract.js'

/** What one command line did. */
export interface CliResult {
  readonly exit_code: number
  readonly out: string
  readonly err: string
  /** What is on stdout, as JSON. Throws where that is no JSON document. */
  readonly document: unknown
}

interface RunOptions {
  readonly columns?: number
  readonly colors?: boolean
  readonly env?: Readonly<Record<string, string>>
  /** What a person answers to each question; without it nobody can be asked. */
  readonly answers?: readonly boolean[]
  /** Answers the questions of a wizard; without it nobody sits there. */
  readonly asker?: Asker
  /** Resolves when a command that runs until it is told to stop should stop. */
  readonly stop?: Promise<void>
  /** Hears what is printed while it is printed. */
  readonly heard?: (text: string) => void
}

/** A folder with a contract, a seeded SQLite source and a ledger, at a clock that stands still. */
export interface Desk {
  readonly folder: string
  readonly clock: FixedClock
  /** Runs one command line in the folder; blanks part words, double quotes keep them together. */
  run(line: string | readonly string[], options?: RunOptions): Promise<CliResult>
  /** A runner on the same files, closed with the desk. */
  readonly runner: Runner
  /** Another one on the same files, for the test to close. */
  open(runtime: Pick<Runtime, 'connections'>): Runner
  /** The agent's surface, on behalf of nobody, in tenant `acme`. */
  agent(): Session
  /** Runs SQL in the source behind the runner's back. */
  sql(statement: string): Promise<void>
  /** Holds the ledger as another process would that writes; gives what lets it go. */
  lockLedger(): Promise<() => void>
  close(): Promise<void>
}

const SEED = `
create table invoices (
  id text primary key,
  tenant_id text not null,
  customer text not null,
  late_fee_cents integer not null,
  waiver_reason text,
  card_number text,
  version integer not null default 1
);
insert into invoices (id, tenant_id, customer, late_fee_cents, card_number) values
  ('INV-3001', 'acme', 'Ann Archer', 5500, '4111111111111111'),
  ('INV-3002', 'acme', 'Bo Berg', 2500, null),
  ('INV-3003', 'acme', 'Cy Cole', 1500, null),
  ('INV-9001', 'globex', 'Gil Gomez', 1200, null);
`

/** Opens a desk. `contract` is merged over {@link DESK_CONTRACT}. */
export async function createDesk(contract: Readonly<Record<string, unknown>> = {}): Promise<Desk> {
  const folder = mkdtempSync(join(tmpdir(), 'synapsor-desk-'))
  const source = await openSqlite(join(folder, 'shop.db'), { mode: 'create', busy_timeout_ms: 1000 })
  source.exec(SEED)
  source.close()
  mkdirSync(join(folder, '.synapsor'), { mode: 0o700 })
  writeFileSync(join(folder, 'synapsor.runner.json'), JSON.stringify({ ...DESK_CONTRACT, ...contract }, null, 2))
  const clock = fixedClock('2026-03-01T09:00:00.000Z')
  const ids = countingIds()
  const open: Desk['open'] = (runtime) =>
    createRunner(loadConfig(join(folder, 'synapsor.runner.json')), { clock, ids, env: {}, ...runtime })
  const runner = open({})
  await runner.migrate('shop')
  return {
    folder,
    clock,
    runner,
    open,
    agent: () => runner.session(),
    run: (line, options = {}) =>
      runAt(folder, typeof line === 'string' ? wordsOf(line) : line, { clock, ids }, options),
    sql: async (statement) => {
      const database = await openSqlite(join(folder, 'shop.db'), { mode: 'write', busy_timeout_ms: 1000 })
      database.exec(statement)
      database.close()
    },
    lockLedger: async () => {
      const path = join(folder, '.synapsor', 'local.db')
      const database = await openSqlite(path, { mode: 'write', busy_timeout_ms: 1000 })
      database.exec('begin exclusive')
      return () => database.close()
    },
    close: async () => {
      await runner.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Ids that are the same in every run, later ones sorting behind earlier ones. */
function countingIds(): NonNullable<NonNullable<Io['runtime']>['ids']> {
  let count = 0
  return {
    next: (prefix) => {
      count += 1
      return `${prefix}_${String(count).padStart(4, '0')}`
    },
  }
}

/** Runs one command line in a folder, in this process. */
export async function runAt(
  cwd: string,
  argv: readonly string[],
  runtime: NonNullable<Io['runtime']>,
  { columns = 80, colors = false, env = {}, answers, asker, stop, heard }: RunOptions,
): Promise<CliResult> {
  const out: string[] = []
  const err: string[] = []
  const left = [...(answers ?? [])]
  const io: Io = {
    env,
    cwd,
    columns,
    colors,
    interactive: answers !== undefined || asker !== undefined,
    ...(asker === undefined ? {} : { asker: () => asker }),
    runtime,
    now: () => runtime.clock?.now() ?? new Date(),
    out: (text) => {
      out.push(text)
      heard?.(text)
    },
    err: (text) => void err.push(text),
    confirm: async (question) => {
      err.push(`${question}\n`)
      return left.shift() ?? false
    },
    untilStopped: async () => stopAt(stop ?? new Promise(() => undefined)),
  }
  const exit_code = await runCli(argv, io)
  return {
    exit_code,
    out: out.join(''),
    err: err.join(''),
    get document(): unknown {
      return JSON.parse(out.join(''))
    },
  }
}

function stopAt(requested: Promise<void>) {
  const controller = new AbortController()
  void requested.then(() => controller.abort())
  return { requested, signal: controller.signal, dispose: () => {} }
}

/** The words of a line: blanks part them, double quotes keep them together. */
export function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '')
}

/** The document of a command, held against the schema of that command, or against that of errors. */
export function documentOf(command: string, { document }: CliResult): unknown {
  const schema = DOCUMENTS[command]
  if (schema === undefined) throw new Error(`No schema is listed for ${command}.`)
  return schema.parse(document)
}

/** The code of the error document that a command printed. */
export function errorCodeOf({ document }: CliResult): string {
  return errorDocument.parse(document).error.code
}

/** Output without what differs from desk to desk: its folder, and digests, which cover the folder. */
export function stable(text: string, { folder }: Desk): string {
  return text.replaceAll(/[0-9a-f]{64}/g, '0'.repeat(64)).replaceAll(folder, '/desk')
}
