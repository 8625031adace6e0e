import mysql from 'mysql2/promise'
import pg from 'pg'
import { createMysqlWorld, createPostgresWorld } from '../../test/databases/index.js'
import type { Bench, Figure, Measurement } from '../figure.js'
import { compare, describeEffort } from '../measure.js'

const GOAL = 3
const TABLES = 2000

/** A schema of many tables surveyed and assessed, against the same facts asked of the catalogue on the bare client. */
export const inspectCatalogue: Figure = {
  name: 'inspect-schema',
  measure: async (bench) => [await measure(bench, 'postgres', openPostgres), await measure(bench, 'mysql', openMysql)],
}

interface Catalogue {
  readonly reader_url: string
  /** Asks the catalogue and leaves what it says as it is. */
  ask(): Promise<void>
  close(): Promise<void>
}

async function measure(
  bench: Bench,
  engine: 'postgres' | 'mysql',
  open: (bench: Bench) => Promise<Catalogue>,
): Promise<Measurement> {
  const catalogue = await open(bench)
  const { reader_url } = catalogue
  const driver = await bench.library.openDriver(engine, { name: 'shop', reader_url, statement_timeout_ms: 60_000 })
  try {
    const effort = bench.quick ? { calls: 10, times: 1, warmup: 2 } : { calls: 20, times: 2, warmup: 3 }
    const times = await compare({
      ...effort,
      ours: async () => assertAll(bench.library.assessSurvey(await driver.survey()).length),
      reference: () => catalogue.ask(),
    })
    const note = `${describeEffort(effort)}, ${TABLES} tables`
    return { name: 'inspect-schema', engine, ...times, goal: GOAL, unit: 'ms', note }
  } finally {
    await driver.close()
    await catalogue.close()
  }
}

function assertAll(tables: number): void {
  if (tables !== TABLES) throw new Error(`${tables} tables were found instead of ${TABLES}.`)
}

/** Each refers to the one before it. */
function tablesSql(moment: string): string {
  return Array.from(
    { length: TABLES },
    (_, number) => `create table orders_${number} (
      id bigint primary key,
      tenant_id varchar(60) not null,
      customer text not null,
      status varchar(20) not null check (status in ('open', 'paid', 'void')),
      late_fee_cents integer not null check (late_fee_cents >= 0),
      waiver_reason text,
      amount numeric(12,2) not null,
      previous bigint ${number === 0 ? '' : `references orders_${number - 1} (id)`},
      updated_at ${moment}
    );`,
  ).join('\n')
}

const POSTGRES = [
  `select n.nspname, c.relname, c.relkind, c.relrowsecurity, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
     a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid), col_description(c.oid, a.attnum)
   from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
   left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
   where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname = 'public' and a.attnum > 0 and not a.attisdropped
   order by n.nspname, c.relname, a.attnum`,
  `select i.indrelid::regclass::text, i.indexrelid::regclass::text, i.indisunique, i.indisprimary, pg_get_indexdef(i.indexrelid)
   from pg_index i join pg_class c on c.oid = i.indrelid where c.relnamespace = 'public'::regnamespace`,
  `select conrelid::regclass::text, conname, contype, pg_get_constraintdef(oid) from pg_constraint
   where connamespace = 'public'::regnamespace and contype in ('c', 'f', 'p', 'u')`,
]

async function openPostgres(bench: Bench): Promise<Catalogue> {
  const { postgres } = await bench.databases()
  const world = await createPostgresWorld(postgres.adminUrl, {
    schemaSql: tablesSql('timestamptz not null default now()'),
  })
  await world.admin.query('vacuum analyze')
  const client = new pg.Client({ connectionString: world.readerUrl })
  await client.connect()
  return {
    reader_url: world.readerUrl,
    ask: async () => {
      for (const [number, text] of POSTGRES.entries()) {
        await client.query({ name: `catalogue_${number}`, text, rowMode: 'array' })
      }
    },
    close: async () => {
      await client.end()
      await world.drop()
    },
  }
}

const MYSQL = [
  'tables',
  'columns',
  'statistics',
  'key_column_usage',
  'referential_constraints',
  'check_constraints',
  'triggers',
]

async function openMysql(bench: Bench): Promise<Catalogue> {
  const world = await createMysqlWorld((await bench.databases()).mysql.adminUrl, {
    schemaSql: tablesSql('datetime(6) not null default current_timestamp(6)'),
  })
  const client = await mysql.createConnection(world.readerUrl)
  return {
    reader_url: world.readerUrl,
    ask: async () => {
      for (const view of MYSQL) {
        const schema = /constraints$/.test(view)
          ? 'constraint_schema'
          : view === 'triggers'
            ? 'trigger_schema'
            : 'table_schema'
        const sql = `select * from information_schema.${view} where ${schema} = database()`
        await client.query({ sql, rowsAsArray: true })
      }
    },
    close: async () => {
      await client.end()
      await world.drop()
    },
  }
}
