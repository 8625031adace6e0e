import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Io } from '../../../src/cli/io.js'
import { runCli } from '../../../src/cli/run.js'
import { openSqlite } from '../../../src/drivers/sqlite-library.js'
import { type Config, createRunner, type Finding, type Runner } from '../../../src/index.js'
import { createMysqlWorld, createPostgresWorld } from '../../support/databases.js'

/** A database of invoices whose two credentials hold exactly what `migrations` grants, until a test spoils it. */
export interface Clinic {
  readonly engine: 'postgres' | 'mysql' | 'sqlite'
  /** Names of reader and writer, of the database, and of a role that nobody is in yet. */
  readonly names: Readonly<Record<'reader' | 'writer' | 'database' | 'group', string>>
  /** What must be in no finding: hosts, passwords, places and values of rows. */
  readonly secrets: readonly string[]
  /** The file of the source, where it is one. */
  readonly file: string | undefined
  /** Runs statements as an administrator. */
  run(sql: string): Promise<void>
  /** Everything that is not `ok` on the source. Each asks anew, with connections of its own. */
  findings(env?: Readonly<Record<string, string>>): Promise<readonly Finding[]>
  /** Opens a runner that is closed with the clinic. */
  open(env?: Readonly<Record<string, string>>): Runner
  readonly env: Readonly<Record<string, string>>
  /** Holds the contract and the ledger. */
  readonly folder: string
  /** Runs a command line there. */
  command(argv: readonly string[], columns?: number): Promise<{ readonly out: string; readonly exit_code: number }>
  close(): Promise<void>
}

const target = { table: 'invoices', primary_key: 'id', tenant_key: 'tenant_id' }

function contractOf(source: Readonly<Record<string, unknown>>): Config {
  const contract: unknown = {
    version: 1,
    mode: 'review',
    sources: { shop: source },
    capabilities: [
      {
        name: 'billing.inspect_invoice',
        kind: 'read',
        source: 'shop',
        target,
        args: { invoice_id: { type: 'string', max_length: 64 } },
        lookup: { id_from_arg: 'invoice_id' },
        visible_columns: ['id', 'customer', 'late_fee_cents'],
        max_rows: 1,
      },
      {
        name: 'billing.list_invoices',
        kind: 'read',
        source: 'shop',
        target,
        args: {},
        visible_columns: ['id', 'late_fee_cents'],
        max_rows: 20,
      },
      {
        name: 'billing.propose_late_fee_waiver',
        kind: 'proposal',
        source: 'shop',
        target,
        args: { invoice_id: { type: 'string', max_length: 64 } },
        lookup: { id_from_arg: 'invoice_id' },
        visible_columns: ['id', 'late_fee_cents'],
        max_rows: 1,
        patch: { late_fee_cents: { fixed: 0 } },
        allowed_columns: ['late_fee_cents'],
        numeric_bounds: { late_fee_cents: { minimum: 0, maximum: 10000 } },
        conflict_guard: { column: 'updated_at' },
        approval: { mode: 'human', required_role: 'billing_lead' },
      },
    ],
  }
  return contract as Config
}

const CANARIES = ['card-canary-4929', 'salary-canary-77']

interface Opened extends Omit<Clinic, 'findings' | 'open' | 'secrets' | 'command'> {
  readonly source: Readonly<Record<string, unknown>>
}

async function openClinic(opened: Opened): Promise<Clinic> {
  const { env, source, folder, run } = opened
  const runners: Runner[] = []
  const open = (given: Readonly<Record<string, string>> = {}): Runner => {
    const ledger = join(folder, 'ledger.db')
    const runner = createRunner(contractOf(source), { env: { ...env, ...given }, ledger })
    runners.push(runner)
    return runner
  }
  for (const { sql } of open().migrations()) await run(sql)
  writeFileSync(join(folder, 'synapsor.runner.json'), JSON.stringify(contractOf(source)))
  const urls = Object.values(env).map((url) => new URL(url))
  return {
    ...opened,
    secrets: [
      ...CANARIES,
      folder,
      ...urls.flatMap(({ password, hostname, port, href }) => [password, hostname, port, href]),
    ],
    open,
    findings: async (given) => {
      const runner = open(given)
      const findings = await runner.doctor({ source: 'shop' })
      await runner.close()
      return findings.filter(({ severity }) => severity !== 'ok')
    },
    command: (argv, columns = 80) => commandIn({ folder, env, columns }, argv),
    close: async () => {
      await Promise.all(runners.map((runner) => runner.close()))
      await opened.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function commandIn(
  { folder, env, columns }: Pick<Clinic, 'folder' | 'env'> & { readonly columns: number },
  argv: readonly string[],
) {
  const out: string[] = []
  const io: Io = {
    env,
    cwd: folder,
    columns,
    colors: false,
    interactive: false,
    now: () => new Date(),
    out: (text) => void out.push(text),
    err: () => undefined,
    confirm: async () => false,
    untilStopped: () => new Promise(() => undefined),
  }
  const exit_code = await runCli(argv, io)
  return { out: out.join(''), exit_code }
}

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'synapsor-clinic-'))
}

const SOURCE = { read_url_env: 'SHOP_READ_URL', write_url_env: 'SHOP_WRITE_URL' }

export async function openPostgresClinic(): Promise<Clinic> {
  const world = await createPostgresWorld({
    schemaSql: `create table invoices (
      id text primary key, tenant_id text not null, customer text not null, late_fee_cents integer not null,
      card_number text not null, updated_at timestamptz not null default clock_timestamp());
      create index by_tenant on invoices (tenant_id);
      create table payroll (person text primary key, salary text);
      create sequence invoice_numbers;
      insert into invoices values ('INV-1', 'acme', 'Ann', 5500, '${CANARIES[0]}');
      insert into payroll values ('Ann', '${CANARIES[1]}')`,
  })
  const { readerName: reader, writerName: writer } = world
  const group = `${reader}_group`
  await world.admin.query(`create role ${group}`)
  return openClinic({
    engine: 'postgres',
    names: { reader, writer, database: new URL(world.adminUrl).pathname.slice(1), group },
    env: { SHOP_READ_URL: world.readerUrl, SHOP_WRITE_URL: world.writerUrl },
    file: undefined,
    source: { engine: 'postgres', ...SOURCE },
    folder: newFolder(),
    run: async (sql) => void (await world.admin.query(sql)),
    close: async () => {
      await world.admin.query(`drop owned by ${group}; drop role ${group}`)
      await world.drop()
    },
  })
}

export async function openMysqlClinic(): Promise<Clinic> {
  const world = await createMysqlWorld({
    schemaSql: `create table invoices (
      id varchar(64) primary key, tenant_id varchar(64) not null, customer varchar(100) not null, late_fee_cents int not null,
      card_number varchar(40) not null, updated_at datetime(6) not null default current_timestamp(6), key by_tenant (tenant_id)
      ) engine = InnoDB default character set utf8mb4;
      create table payroll (person varchar(64) primary key, salary varchar(40));
      insert into invoices (id, tenant_id, customer, late_fee_cents, card_number) values ('INV-1', 'acme', 'Ann', 5500, '${CANARIES[0]}');
      insert into payroll values ('Ann', '${CANARIES[1]}')`,
    grants: () => 'do 1',
  })
  const { readerName: reader, writerName: writer } = world
  const group = `${reader.slice(0, 24)}_group`
  const [flush] = await world.admin.query('select @@global.innodb_flush_log_at_trx_commit as value')
  const earlier = Array.isArray(flush) && flush[0] !== undefined && 'value' in flush[0] ? Number(flush[0].value) : 1
  // Tests do without waiting for the disk, which is what the doctor would warn of.
  await world.admin.query('set global innodb_flush_log_at_trx_commit = 1')
  await world.admin.query(`create role ${group}`)
  return openClinic({
    engine: 'mysql',
    names: { reader, writer, database: new URL(world.adminUrl).pathname.slice(1), group },
    env: { SHOP_READ_URL: world.readerUrl, SHOP_WRITE_URL: world.writerUrl },
    file: undefined,
    source: { engine: 'mysql', ...SOURCE },
    folder: newFolder(),
    run: async (sql) => void (await world.admin.query(sql)),
    close: async () => {
      await world.admin.query(`drop role ${group}; set global innodb_flush_log_at_trx_commit = ${earlier}`)
      await world.drop()
    },
  })
}

export async function openSqliteClinic(): Promise<Clinic> {
  const folder = newFolder()
  const file = join(folder, 'shop.db')
  const database = await openSqlite(file, { mode: 'create', busy_timeout_ms: 2000 })
  chmodSync(file, 0o600)
  database.exec(`create table invoices (
    id text primary key not null, tenant_id text not null, customer text not null, late_fee_cents integer not null,
    card_number text not null, updated_at text not null default (strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')));
    create index by_tenant on invoices (tenant_id);
    insert into invoices (id, tenant_id, customer, late_fee_cents, card_number)
    values ('INV-1', 'acme', 'Ann', 5500, '${CANARIES[0]}')`)
  return openClinic({
    engine: 'sqlite',
    names: { reader: 'reader', writer: 'writer', database: 'main', group: '' },
    env: {},
    file,
    source: { engine: 'sqlite', path: file },
    folder,
    run: async (sql) => void database.exec(sql),
    close: async () => void database.close(),
  })
}
