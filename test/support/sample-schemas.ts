import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqlite } from '../../src/drivers/sqlite-library.js'
import { createMysqlWorld, createPostgresWorld } from './databases.js'

/** The sample schemas that lie in `test/fixtures/schemas`, each for every engine. */
export const SAMPLE_SCHEMAS = ['shop', 'helpdesk'] as const

export type SampleSchema = (typeof SAMPLE_SCHEMAS)[number]

export const SAMPLE_ENGINES = ['postgres', 'mysql', 'sqlite'] as const

export type SampleEngine = (typeof SAMPLE_ENGINES)[number]

/** A sample schema in a database of this test file alone. */
export interface SampleDatabase {
  readonly engine: SampleEngine
  readonly schema: SampleSchema
  /** Where an administrator gets in: a URL; of SQLite the path of the file. */
  readonly adminUrl: string
  /** A login that has been granted nothing but what the engine's world grants; of SQLite the path again. */
  readonly readerUrl: string
  /** The rows of an administrator's query. */
  rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>
  drop(): Promise<void>
}

/** The statements of one sample. */
export function sampleSql(schema: SampleSchema, engine: SampleEngine): string {
  return readFileSync(new URL(`../fixtures/schemas/${schema}.${engine}.sql`, import.meta.url), 'utf8')
}

/** Loads a sample into a fresh database. Drop it when done. */
export function openSampleDatabase(schema: SampleSchema, engine: SampleEngine): Promise<SampleDatabase> {
  return OPENERS[engine](schema)
}

const OPENERS: Readonly<Record<SampleEngine, (schema: SampleSchema) => Promise<SampleDatabase>>> = {
  postgres: async (schema) => {
    const world = await createPostgresWorld({ schemaSql: sampleSql(schema, 'postgres') })
    const { adminUrl, readerUrl, drop } = world
    const rows: SampleDatabase['rows'] = async (sql) => (await world.admin.query(sql)).rows
    return { engine: 'postgres', schema, adminUrl, readerUrl, rows, drop }
  },
  mysql: async (schema) => {
    const world = await createMysqlWorld({ schemaSql: sampleSql(schema, 'mysql') })
    const { adminUrl, readerUrl, drop } = world
    const rows: SampleDatabase['rows'] = async (sql) => {
      const [found] = await world.admin.query(sql)
      return Array.isArray(found) ? found.map((row) => ({ ...row })) : []
    }
    return { engine: 'mysql', schema, adminUrl, readerUrl, rows, drop }
  },
  sqlite: async (schema) => {
    const folder = mkdtempSync(join(tmpdir(), 'synapsor-sample-'))
    const path = join(folder, `${schema}.db`)
    const database = await openSqlite(path, { mode: 'create', busy_timeout_ms: 1000 })
    database.exec(`pragma foreign_keys = on;\n${sampleSql(schema, 'sqlite')}`)
    const drop = async (): Promise<void> => {
      database.close()
      rmSync(folder, { recursive: true, force: true })
    }
    const rows: SampleDatabase['rows'] = async (sql) => database.prepare(sql).all()
    return { engine: 'sqlite', schema, adminUrl: path, readerUrl: path, rows, drop }
  },
}
