/** The steps of a transaction in PostgreSQL. */
import type { TableRef } from '../protocol/table.js'
import { quote, quoteTable } from '../sql/postgres.js'
import { type FoundRow, type HandlerTransaction, type ReceiptClaim, type RowQuery, SAVEPOINT } from './database.js'
import { busy, endedFromOutside, fieldOf, receiptsMissing } from './failure.js'
import { ask, type PgClient, type PgRow } from './postgres-client.js'
import { isMissing, isNoValue } from './postgres-errors.js'

/** What the texts of values depend on, as the runner pins it too. */
const PIN = [
  `savepoint ${SAVEPOINT}_read`,
  `set local timezone = 'UTC'`,
  `set local datestyle = 'ISO, MDY'`,
  `set local intervalstyle = 'postgres'`,
  `set local bytea_output = 'hex'`,
  'set local extra_float_digits = 1',
  `set local lc_monetary = 'C'`,
].join('; ')

/** Settings go back with a savepoint; a lock that was taken before it stays. */
const UNPIN = `rollback to savepoint ${SAVEPOINT}_read; release savepoint ${SAVEPOINT}_read`

/**
 * Has waits for locks end in time, and gives what to set back before the app's function runs. What is answered has to
 * outlive a crash of the server, whatever the session is content with.
 */
export async function limitWaits(client: PgClient, lock_wait_ms: number): Promise<string> {
  const { rows } = await ask(
    client,
    `select current_setting('lock_timeout'), set_config('lock_timeout', $1::text, true),
  case current_setting('synchronous_commit') when 'off' then set_config('synchronous_commit', 'on', true) end`,
    [`${Math.trunc(lock_wait_ms)}ms`],
  )
  return rows[0]?.[0] ?? '0'
}

export interface Setting {
  readonly receipts: TableRef
  /** As the app has it. */
  readonly lockTimeout: string
  /** How long the handler itself waits. */
  readonly lock_wait_ms: number
}

type Steps = Omit<HandlerTransaction<unknown>, 'tx' | 'commit'>

export function postgresSteps(client: PgClient, { receipts, lockTimeout, lock_wait_ms }: Setting): Steps {
  const table = quoteTable(receipts)
  const readRows = async (query: RowQuery) => {
    await ask(client, PIN).catch(lost)
    const { rows } = await ask(client, selectRows(query), scopeOf(query))
    await ask(client, UNPIN)
    return rows.map((row) => toFoundRow(query, row))
  }
  return {
    claim: async (claim) => {
      const { rows } = await ask(client, insertClaim(table), valuesOf(claim)).catch((error: unknown) => {
        throw isMissing(error) ? receiptsMissing(receipts, error) : error
      })
      if (rows.length === 1) return void (await ask(client, `savepoint ${SAVEPOINT}`))
      const stored = await ask(client, selectStored(table), [claim.key])
      const [id, proposal, hash = null, request, answer = null] = stored.rows[0] ?? []
      if (typeof id !== 'string' || typeof proposal !== 'string' || typeof request !== 'string') throw busy()
      return { receipt_id: id, proposal_id: proposal, proposal_hash: hash, request_digest: request, answer }
    },
    lockRows: async (query) => {
      const locked = await ask(client, lockRows(query), scopeOf(query)).catch((error: unknown) => {
        if (isNoValue(error)) return undefined
        throw error
      })
      // The transaction has failed then, and goes on where the caller undoes it.
      if (locked === undefined) return []
      const rows = locked.count === 0 ? [] : await readRows(query)
      await ask(client, `select set_config('lock_timeout', $1::text, true)`, [lockTimeout])
      return rows
    },
    readRows,
    undo: async () => void (await ask(client, `rollback to savepoint ${SAVEPOINT}`).catch(lost)),
    // The connection may be lost; a transaction that has failed still stands.
    isEndedBy: () => false,
    abandon: async (claim) => {
      await ask(client, 'rollback')
      await ask(client, 'begin isolation level read committed read write')
      await limitWaits(client, lock_wait_ms)
      await ask(client, insertClaim(table), valuesOf(claim))
      await ask(client, 'commit')
    },
    record: async (key, text) => {
      await ask(client, `release savepoint ${SAVEPOINT}`).catch(lost)
      const { count } = await ask(client, updateAnswer(table), [text, key])
      if (count !== 1) throw endedFromOutside(undefined)
    },
  }
}

/** No such savepoint, no transaction. */
const ENDED: ReadonlySet<unknown> = new Set(['3B001', '25P01'])

function lost(error: unknown): never {
  throw ENDED.has(fieldOf(error, 'code')) ? endedFromOutside(error) : error
}

function insertClaim(table: string): string {
  return `insert into ${table} (idempotency_key, receipt_id, proposal_id, proposal_hash, request_digest)
values ($1::text, $2::text, $3::text, $4::text, $5::text) on conflict (idempotency_key) do nothing returning receipt_id`
}

function valuesOf({ key, receipt_id, proposal_id, proposal_hash, request_digest }: ReceiptClaim) {
  return [key, receipt_id, proposal_id, proposal_hash, request_digest]
}

function selectStored(table: string): string {
  return `select receipt_id, proposal_id, proposal_hash, request_digest, answer from ${table} where idempotency_key = $1::text`
}

function updateAnswer(table: string): string {
  return `update ${table} set answer = $1::text where idempotency_key = $2::text and answer is null`
}

/** By value alone, so that an index serves; what only looks equal is sorted out by the texts. */
function whereScope({ key, tenant }: RowQuery): string {
  const scope = [key, ...(tenant === null ? [] : [tenant])]
  return scope.map(({ column }, i) => `t.${quote(column)} = $${i + 1}`).join(' and ')
}

function scopeOf({ key, tenant }: RowQuery): readonly string[] {
  return [key.text, ...(tenant === null ? [] : [tenant.text])]
}

function lockRows(query: RowQuery): string {
  return `select '1' from ${quoteTable(query.table)} t where ${whereScope(query)} for update`
}

function selectRows(query: RowQuery): string {
  const columns = query.columns.map(quote).map((name) => `pg_typeof(t.${name})::text, t.${name}::text`)
  return `select ${columns.join(', ')} from ${quoteTable(query.table)} t where ${whereScope(query)}`
}

function toFoundRow({ columns }: RowQuery, row: PgRow): FoundRow {
  return new Map(columns.map((name, i) => [name, { type: row[2 * i] ?? '', text: row[2 * i + 1] ?? null }]))
}
