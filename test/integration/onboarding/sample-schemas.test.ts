import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  openSampleDatabase,
  SAMPLE_ENGINES,
  SAMPLE_SCHEMAS,
  type SampleDatabase,
  type SampleEngine,
} from '../../support/sample-schemas.js'

const SAMPLES = SAMPLE_SCHEMAS.flatMap((schema) => SAMPLE_ENGINES.map((engine) => ({ schema, engine })))

const TABLES: Readonly<Record<SampleEngine, string>> = {
  postgres: `select table_name as name, table_type as kind from information_schema.tables where table_schema = 'public'`,
  mysql: 'select table_name as name, table_type as kind from information_schema.tables where table_schema = database()',
  sqlite: `select name, type as kind from sqlite_master where type in ('table', 'view') and name not like 'sqlite_%'`,
}

const TRIGGERS: Readonly<Record<SampleEngine, string>> = {
  postgres: 'select tgname as name from pg_trigger where not tgisinternal',
  mysql: 'select trigger_name as name from information_schema.triggers where trigger_schema = database()',
  sqlite: `select name from sqlite_master where type = 'trigger'`,
}

/** Of each sample: the column that holds the tenant of a table, and a statement that sets its trigger off. */
const FACTS = {
  shop: {
    tenant: ['orders', 'merchant_id'],
    update: `update products set title = 'Bell, loud' where id = 2`,
    version: 'select row_version as version from products where id = 2',
  },
  helpdesk: {
    tenant: ['tickets', 'account_id'],
    update: `update tickets set status = 'solved' where id = 1`,
    version: 'select lock_version as version from tickets where id = 1',
  },
} as const

describe.each(SAMPLES)('the $schema sample on $engine', ({ schema, engine }) => {
  let database: SampleDatabase

  beforeAll(async () => {
    database = await openSampleDatabase(schema, engine)
  })

  afterAll(() => database.drop())

  it('has tables of a realistic number, and views', async () => {
    const found = await database.rows(TABLES[engine])
    const views = found.filter(({ kind }) => String(kind).toLowerCase().includes('view'))
    expect(found.length - views.length).toBeGreaterThanOrEqual(35)
    expect(views.length).toBeGreaterThanOrEqual(2)
  })

  it('has rows of two tenants', async () => {
    const [table, column] = FACTS[schema].tenant
    const found = await database.rows(`select distinct ${column} as tenant from ${table}`)
    expect(found).toHaveLength(2)
  })

  it('has triggers that move a version', async () => {
    expect((await database.rows(TRIGGERS[engine])).length).toBeGreaterThanOrEqual(2)
    const before = await database.rows(FACTS[schema].version)
    await database.rows(FACTS[schema].update)
    const after = await database.rows(FACTS[schema].version)
    expect(Number(after[0]?.version)).toBe(Number(before[0]?.version) + 1)
  })

  it('lets an administrator in by its address', () => {
    expect(database.adminUrl).toMatch(engine === 'sqlite' ? /\.db$/ : new RegExp(`^${engine}`))
  })
})

describe('on MySQL', () => {
  it('the samples have a table that no transaction holds', async () => {
    const database = await openSampleDatabase('shop', 'mysql')
    try {
      const found = await database.rows(
        `select table_name as name from information_schema.tables where table_schema = database() and engine = 'MyISAM'`,
      )
      expect(found).toEqual([{ name: 'legacy_import' }])
    } finally {
      await database.drop()
    }
  })
})
