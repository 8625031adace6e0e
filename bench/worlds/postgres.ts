import pg from 'pg'
import { createPostgresWorld, type PostgresWorld } from '../../test/databases/index.js'
import { invoiceId, TENANT, VISIBLE_COLUMNS } from '../contract.js'
import type { Bench } from '../figure.js'
import {
  assertDurable,
  ledgerIn,
  openRunner,
  READ_URL,
  type RunnerOptions,
  serverSource,
  type World,
  WRITE_URL,
} from './world.js'

const SCHEMA = `create table invoices (
  id text primary key,
  tenant_id text not null,
  customer text not null,
  status text not null,
  late_fee_cents integer not null,
  waiver_reason text,
  amount numeric(12,2) not null,
  updated_at timestamptz not null default clock_timestamp()
)`

/** PostgreSQL with so many invoices, and no right given that is not needed. */
export async function openPostgres(
  bench: Bench,
  rows: number,
  options: Pick<RunnerOptions, 'contract' | 'env'> = {},
): Promise<World> {
  const { postgres } = await bench.databases()
  const world = await createPostgresWorld(postgres.adminUrl, {
    schemaSql: `${SCHEMA};
      insert into invoices (id, tenant_id, customer, status, late_fee_cents, amount)
      select 'INV-' || to_char(n, 'FM000000'), '${TENANT}', 'Customer ' || n, 'open', 5500, 120.5
      from generate_series(0, ${rows - 1}) as n`,
    grants: ({ reader, writer }) => `grant select on invoices to ${reader};
      grant select, update on invoices to ${writer};
      grant usage, create on schema public to ${writer}`,
  })
  try {
    await world.admin.query('vacuum analyze invoices')
    const { rows: settings } = await world.admin.query<{ durable: boolean }>(
      `select current_setting('fsync')::boolean and current_setting('synchronous_commit') <> 'off' as durable`,
    )
    assertDurable('PostgreSQL', settings[0]?.durable === true)
    return await bind(bench, world, options)
  } catch (error) {
    await world.drop()
    throw error
  }
}

async function bind(
  bench: Bench,
  world: PostgresWorld,
  { contract, env = {} }: Pick<RunnerOptions, 'contract' | 'env'>,
): Promise<World> {
  const runner = await openRunner(bench, {
    source: serverSource('postgres'),
    env: Object.assign(env, { [READ_URL]: world.readerUrl, [WRITE_URL]: world.writerUrl }),
    ...(contract === undefined ? {} : { contract }),
    ledger: ledgerIn(bench.folder()),
  })
  const reader = new pg.Client({ connectionString: world.readerUrl })
  const writer = new pg.Client({ connectionString: world.writerUrl })
  await reader.connect()
  await writer.connect()
  return {
    engine: 'postgres',
    urls: { reader_url: world.readerUrl, writer_url: world.writerUrl },
    runner,
    select: (number) =>
      reader.query({
        name: 'select_invoice',
        text: `select ${VISIBLE_COLUMNS.join(', ')} from invoices where id = $1 and tenant_id = $2`,
        values: [invoiceId(number), TENANT],
      }),
    update: (number) =>
      writer.query({
        name: 'update_invoice',
        text: `update invoices set late_fee_cents = $1, waiver_reason = $2, updated_at = clock_timestamp() where id = $3`,
        values: [number % 10_000, 'outage', invoiceId(number)],
      }),
    close: async () => {
      await runner.close()
      await reader.end()
      await writer.end()
      await world.drop()
    },
  }
}
