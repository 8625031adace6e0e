import type { ParsedConfig } from '../../../src/index.js'
import { createMysqlWorld, createPostgresWorld } from '../../support/databases.js'

type Row = Readonly<Record<string, unknown>>

/** The database of a recipe, with its table and rows, and the contract that fits it. */
export interface RecipeWorld {
  readonly config: ParsedConfig
  readonly env: Readonly<Record<string, string>>
  /** What an administrator runs. */
  run(sql: string): Promise<void>
  rows(): Promise<readonly Row[]>
  /** Rows of tenants that are not the session's. */
  others(): Promise<readonly Row[]>
  drop(): Promise<void>
}

/** Opens a fresh database in which the SQL of the recipe was run, and nothing was granted to anybody. */
export async function openRecipeWorld(config: ParsedConfig, schemaSql: string): Promise<RecipeWorld> {
  const [source] = Object.values(config.sources)
  if (source?.engine === 'postgres') return openPostgres(config, schemaSql)
  return openMysql(config, schemaSql)
}

async function openPostgres(config: ParsedConfig, schemaSql: string): Promise<RecipeWorld> {
  const world = await createPostgresWorld({ schemaSql })
  const rows = async () => (await world.admin.query(`select * from ${tableOf(config)} order by id`)).rows as Row[]
  return {
    config,
    env: environment(config, world),
    run: async (sql) => void (await world.admin.query(sql)),
    rows,
    others: async () => (await rows()).filter(isForeign),
    drop: () => world.drop(),
  }
}

async function openMysql(config: ParsedConfig, schemaSql: string): Promise<RecipeWorld> {
  const world = await createMysqlWorld({ schemaSql, grants: () => 'select 1' })
  const database = new URL(world.readerUrl).pathname.slice(1)
  const rows = async () => (await world.admin.query(`select * from ${tableOf(config)} order by id`))[0] as Row[]
  return {
    config: inDatabase(config, database),
    env: environment(config, world),
    run: async (sql) => void (await world.admin.query(sql)),
    rows,
    others: async () => (await rows()).filter(isForeign),
    drop: () => world.drop(),
  }
}

/** The recipe names the database `shop`; a test has one of its own. */
function inDatabase(config: ParsedConfig, schema: string): ParsedConfig {
  const capabilities = config.capabilities.map((each) => ({ ...each, target: { ...each.target, schema } }))
  return { ...config, capabilities }
}

function environment(config: ParsedConfig, urls: { readerUrl: string; writerUrl: string }): Record<string, string> {
  const [source] = Object.keys(config.sources)
  const prefix = source?.toUpperCase()
  return {
    [`${prefix}_READ_URL`]: urls.readerUrl,
    [`${prefix}_WRITE_URL`]: urls.writerUrl,
    SYNAPSOR_TENANT_ID: 'acme',
    SYNAPSOR_PRINCIPAL: 'support_agent_17',
  }
}

function tableOf(config: ParsedConfig): string {
  return config.capabilities[0]?.target.table ?? ''
}

function isForeign({ tenant_id }: Row): boolean {
  return tenant_id !== 'acme'
}
