import * as z from 'zod'
import { RunnerError } from '../errors.js'
import { once } from '../protocol/once.js'
import type { Page, PageRequest } from './ledger.js'
import { parsePaging, toPage } from './paging.js'
import { type Row, readInteger } from './rows.js'
import type { Connection } from './sqlite-connection.js'

/** A table that is listed newest first by its integer key. */
export interface ListSource<Item> {
  readonly name: string
  readonly table: string
  /** The integer key, which rises with age. */
  readonly key: string
  /** What is selected, and from where when other tables are joined. The table itself is `t`. */
  readonly columns: string
  readonly join?: string
  /** Holds of each row. Values are bound to its places behind those of the filter. */
  readonly only?: string
  /**
   * The columns that may be filtered by, as the indexes that hold them, best first. A filter that no index holds whole
   * is served by the first index that it covers.
   */
  readonly indexes: readonly { readonly name: string; readonly columns: readonly string[] }[]
  /** Columns without an index: a filter by one of them is sieved out of what another filter finds. */
  readonly also: readonly string[]
  readonly item: (row: Row) => Item
}

const seq = once(() => z.int().min(1))

/** One list, or a part of one, and what is asked of it. */
export interface Listing<Item> {
  readonly source: ListSource<Item>
  readonly filter: object
  /** What is bound to the places in `only`. */
  readonly bound?: readonly string[]
}

/** Reads one page of a list. */
export function listPage<Item>(connection: Connection, source: ListSource<Item>, request: PageRequest): Page<Item> {
  const { cursor: _, limit: __, ...filter } = request
  return mergePage(connection, request, [{ source, filter }])
}

/** Reads one page of several lists of the same table, as if they were one. */
export function mergePage<Item>(
  connection: Connection,
  request: PageRequest,
  parts: readonly [Listing<Item>, ...Listing<Item>[]],
): Page<Item> {
  const { name, key, item } = parts[0].source
  const { after, limit } = parsePaging(name, request, seq())
  const rows = parts.flatMap(({ source, filter, bound = [] }) => {
    const given = parseFilter(source, filter)
    const sql = listSql(source, [...given.keys()], after !== undefined)
    return connection.all(sql, ...given.values(), ...bound, ...(after === undefined ? [] : [after]), limit + 1)
  })
  const place = (row: Row) => readInteger(row, key)
  const newest = rows.sort((a, b) => place(b) - place(a)).slice(0, limit + 1)
  return toPage(name, newest, limit, { item, position: place })
}

/** A filter that is misspelled must not answer with more than was asked for. */
function parseFilter(source: ListSource<unknown>, filter: object): ReadonlyMap<string, string> {
  const allowed = new Set([...source.indexes.flatMap(({ columns }) => columns), ...source.also])
  const given = new Map<string, string>()
  for (const [column, value] of Object.entries<unknown>({ ...filter })) {
    if (value === undefined) continue
    if (!allowed.has(column) || typeof value !== 'string') {
      throw new RunnerError('INVALID_ARGUMENT', `The ${source.name} cannot be listed by this filter.`, {
        details: { argument: column },
        next: `Filter by ${[...allowed].join(', ')}, each a text.`,
      })
    }
    given.set(column, value)
  }
  if (given.size === 0 || indexFor(source, [...given.keys()]) !== undefined) return given
  throw new RunnerError('INVALID_ARGUMENT', `The ${source.name} cannot be listed by this filter alone.`, {
    details: { argument: [...given.keys()].join(', ') },
    next: `Filter by ${source.indexes.map(({ columns }) => columns.join(' and ')).join(', or by ')} as well.`,
  })
}

function indexFor({ indexes }: ListSource<unknown>, columns: readonly string[]) {
  return indexes.find((candidate) => candidate.columns.every((column) => columns.includes(column)))
}

/** The index is named outright, so that a filter which no index serves fails in a test and not under load. */
export function listSql(source: ListSource<unknown>, columns: readonly string[], continued: boolean): string {
  const { table, key, join = '', only } = source
  const index = indexFor(source, columns)
  const indexed = index === undefined ? '' : `indexed by ${index.name}`
  const conditions = [
    ...columns.map((column) => `t.${column} = ?`),
    ...(only === undefined ? [] : [only]),
    ...(continued ? [`t.${key} < ?`] : []),
  ]
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`
  return `select ${source.columns} from ${table} as t ${indexed} ${join} ${where} order by t.${key} desc limit ?`
}
