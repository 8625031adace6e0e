import * as z from 'zod'
import { RunnerError } from '../errors.js'
import type { Page, PageRequest } from './ledger.js'

const DEFAULT_LIMIT = 50
const MAX_LIMIT = 200

/** Where a page begins (exclusive; `undefined` for the newest) and how many items it has at most. */
export interface Paging<Position> {
  readonly after: Position | undefined
  readonly limit: number
}

/**
 * Reads a page request. A cursor is the position of the last item shown, with the name of the list, so that the cursor
 * of one list is refused by another.
 *
 * @throws RunnerError `INVALID_ARGUMENT`.
 */
export function parsePaging<Position>(
  list: string,
  request: PageRequest,
  position: z.ZodType<Position>,
): Paging<Position> {
  const { cursor, limit = DEFAULT_LIMIT } = request
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw new RunnerError('INVALID_ARGUMENT', `A limit is a whole number from 1 to ${MAX_LIMIT}.`, {
      details: { argument: 'limit' },
    })
  }
  return { after: cursor === undefined ? undefined : parseCursor(list, cursor, position), limit }
}

/** Makes a page of rows that were read with one row more than the limit, which tells whether another page follows. */
export function toPage<Row, Item>(
  list: string,
  rows: readonly Row[],
  limit: number,
  shape: { readonly item: (row: Row) => Item; readonly position: (row: Row) => unknown },
): Page<Item> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const next_cursor = rows.length > limit && last !== undefined ? renderCursor(list, shape.position(last)) : null
  return { items: shown.map(shape.item), next_cursor }
}

function renderCursor(list: string, position: unknown): string {
  return Buffer.from(JSON.stringify([list, position])).toString('base64url')
}

function parseCursor<Position>(list: string, cursor: unknown, position: z.ZodType<Position>): Position {
  const parsed = z.tuple([z.literal(list), position]).safeParse(decode(cursor))
  // Decoding forgives what encoding never writes, so only a cursor that encodes to itself is one of ours.
  if (parsed.success && renderCursor(list, parsed.data[1]) === cursor) return parsed.data[1]
  throw new RunnerError('INVALID_ARGUMENT', 'The cursor is not one that this list gave.', {
    details: { argument: 'cursor' },
    next: 'Leave the cursor out to begin with the newest, or give next_cursor of the page before, unchanged.',
  })
}

function decode(cursor: unknown): unknown {
  if (typeof cursor !== 'string' || !/^[A-Za-z0-9_-]{1,2000}$/.test(cursor)) return undefined
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}
