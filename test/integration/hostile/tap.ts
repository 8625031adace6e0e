import mysql, { type Pool as MysqlPool, type PoolConnection } from 'mysql2'
import pg from 'pg'
import { hostPoolOptions as mysqlOptions } from '../../../src/drivers/mysql-options.js'
import { openSqlite, type SqliteDatabase, type SqliteStatement } from '../../../src/drivers/sqlite-library.js'
import { connectionOptions } from '../../../src/index.js'
import type { Shop } from '../loop/shop.js'

type Role = 'reader' | 'writer'

/** Connections of the host that write down every statement that the runner sends through them. */
export interface Tap {
  readonly connections: { readonly reader: unknown; readonly writer: unknown }
  /** Statements sent so far, in order, each after the role that sent it. */
  readonly sent: readonly string[]
  /** All of every source table, read beside the tap. */
  contents(tables: readonly string[]): Promise<string>
  /** A text as this engine writes it into a statement. */
  literal(text: string): string
  close(): Promise<void>
}

export function openTap(shop: Shop): Promise<Tap> {
  if (shop.engine === 'postgres') return tapPostgres(shop)
  return shop.engine === 'mysql' ? tapMysql(shop) : tapSqlite(shop)
}

async function tapPostgres({ env }: Shop): Promise<Tap> {
  const sent: string[] = []
  const open = (role: Role, connectionString: string | undefined) => {
    const pool = new pg.Pool({ connectionString, ...connectionOptions('postgres', role) })
    pool.on('connect', (client) => record(client, 'query', (text) => sent.push(`${role}: ${text}`)))
    return pool
  }
  const reader = open('reader', env.SHOP_READ_URL)
  const writer = open('writer', env.SHOP_WRITE_URL)
  const aside = new pg.Pool({ connectionString: env.SHOP_READ_URL, max: 1 })
  return {
    connections: { reader, writer },
    sent,
    contents: async (tables) => {
      const all = tables.map(async (table) => (await aside.query(`select t::text from ${table} t order by 1`)).rows)
      return JSON.stringify(await Promise.all(all))
    },
    literal: pg.escapeLiteral,
    close: async () => {
      await Promise.all([reader.end(), writer.end(), aside.end()])
    },
  }
}

async function tapMysql({ env }: Shop): Promise<Tap> {
  const sent: string[] = []
  const open = (role: Role, uri: string | undefined): MysqlPool => {
    const pool = mysql.createPool({ uri: uri ?? '', ...mysqlOptions(role) })
    pool.on('connection', (connection: PoolConnection) => {
      record(connection, 'execute', (text) => sent.push(`${role}: ${text}`))
      record(connection, 'query', (text) => sent.push(`${role}: ${text}`))
    })
    return pool
  }
  const reader = open('reader', env.SHOP_READ_URL)
  const writer = open('writer', env.SHOP_WRITE_URL)
  const aside = mysql.createPool({ uri: env.SHOP_READ_URL ?? '', dateStrings: true, connectionLimit: 1 }).promise()
  return {
    connections: { reader, writer },
    sent,
    contents: async (tables) => {
      const all = tables.map(async (table) => (await aside.query(`select * from ${table} order by 1`))[0])
      return JSON.stringify(await Promise.all(all))
    },
    literal: (text) => mysql.escape(text),
    close: async () => {
      await Promise.all([reader.promise().end(), writer.promise().end(), aside.end()])
    },
  }
}

async function tapSqlite({ source }: Shop): Promise<Tap> {
  const sent: string[] = []
  const path = String(source.path)
  const reader = await openSqlite(path, { mode: 'read' })
  const writer = await openSqlite(path, { mode: 'write' })
  return {
    connections: { reader: recorded(reader, 'reader', sent), writer: recorded(writer, 'writer', sent) },
    sent,
    contents: async (tables) => {
      const all = tables.map((table) => reader.prepare(`select * from ${table} order by 1`).all())
      return JSON.stringify(all)
    },
    literal: (text) => `'${text.replaceAll("'", "''")}'`,
    close: async () => {
      reader.close()
      writer.close()
    },
  }
}

/** Puts a method of the object's own before the one it has, which tells the text and passes everything on. */
function record(object: object, name: string, tell: (text: string) => void): void {
  const method: unknown = Reflect.get(object, name)
  if (typeof method !== 'function') throw new Error(`There is no method ${name} to listen to.`)
  const listening = (...args: unknown[]): unknown => {
    tell(textOf(args[0]))
    return Reflect.apply(method, object, args)
  }
  Object.defineProperty(object, name, { value: listening })
}

function textOf(query: unknown): string {
  if (typeof query === 'string') return query
  if (typeof query !== 'object' || query === null) return 'something that is no statement'
  return String('text' in query ? query.text : Reflect.get(query, 'sql'))
}

function recorded(database: SqliteDatabase, role: Role, sent: string[]): SqliteDatabase {
  const tell = (sql: string): void => {
    sent.push(`${role}: ${sql}`)
  }
  return {
    prepare: (sql) => recordedStatement(database.prepare(sql), () => tell(sql)),
    exec: (sql) => {
      tell(sql)
      return database.exec(sql)
    },
    close: () => database.close(),
    get isTransaction() {
      return database.isTransaction ?? false
    },
  }
}

function recordedStatement(statement: SqliteStatement, tell: () => void): SqliteStatement {
  return {
    run: (...values) => {
      tell()
      return statement.run(...values)
    },
    get: (...values) => {
      tell()
      return statement.get(...values)
    },
    all: (...values) => {
      tell()
      return statement.all(...values)
    },
    setReadBigInts: (enabled) => statement.setReadBigInts?.(enabled),
  }
}
