/** The steps of a transaction in MySQL. */
import type { TableRef } from '../protocol/table.js'
import { quoteTable } from '../sql/mysql.js'
import {
  type FoundRow,
  type HandlerTransaction,
  type ReceiptClaim,
  type RowQuery,
  SAVEPOINT,
  type StoredReceipt,
} from './database.js'
import { busy, endedFromOutside, receiptsMissing } from './failure.js'
import { ask, type MysqlConnection, send } from './mysql-client.js'
import { endsTransaction, isDuplicateKey, isMissing, isNoSavepoint, isNoValue } from './mysql-errors.js'
import { renderRows, toFoundRow } from './mysql-rows.js'
import type { TableMemory } from './mysql-tables.js'

export interface Setting {
  readonly receipts: TableRef
  /** Has waits end in time. */
  readonly limitWaits: () => Promise<void>
  /** Sets waits back to what they are in the app. */
  readonly restoreWaits: () => Promise<void>
  readonly tables: TableMemory
}

type Steps = Omit<HandlerTransaction<unknown>, 'tx' | 'commit'>

export function mysqlSteps(connection: MysqlConnection, setting: Setting): Steps {
  const { receipts, limitWaits, restoreWaits, tables } = setting
  const table = quoteTable(receipts)

  const find = async (query: RowQuery, locking: '' | ' for update'): Promise<readonly FoundRow[]> => {
    const rendered = renderRows(query, await tables.columnsOf(connection, query.table))
    if (rendered === undefined) return []
    const { rows } = await ask(connection, rendered.sql + locking, rendered.values).catch((error: unknown) => {
      if (isNoValue(error)) return { rows: [] }
      throw error
    })
    return rows.map((row) => toFoundRow(rendered.columns, row))
  }

  const stored = async (key: string): Promise<StoredReceipt> => {
    const { rows } = await ask(connection, selectStored(table), [key])
    const [id, proposal, hash = null, digest, answer = null] = rows[0] ?? []
    if (typeof id !== 'string' || typeof proposal !== 'string' || typeof digest !== 'string') throw busy()
    return { receipt_id: id, proposal_id: proposal, proposal_hash: hash, request_digest: digest, answer }
  }

  const insert = async ({ key, receipt_id, proposal_id, proposal_hash, request_digest }: ReceiptClaim) => {
    await ask(connection, insertClaim(table), [key, receipt_id, proposal_id, proposal_hash, request_digest])
  }

  return {
    claim: async (claim) => {
      try {
        await insert(claim)
      } catch (error) {
        if (isDuplicateKey(error)) return stored(claim.key)
        throw isMissing(error) ? receiptsMissing(receipts, error) : error
      }
      await send(connection, `savepoint ${SAVEPOINT}`)
      return undefined
    },
    lockRows: async (query) => {
      const rows = await find(query, ' for update')
      await restoreWaits()
      return rows
    },
    readRows: (query) => find(query, ''),
    undo: async () => void (await send(connection, `rollback to savepoint ${SAVEPOINT}`).catch(lost)),
    isEndedBy: endsTransaction,
    abandon: async (claim) => {
      await send(connection, 'rollback')
      await limitWaits()
      await send(connection, 'start transaction read write')
      await insert(claim).catch((error: unknown) => {
        if (!isDuplicateKey(error)) throw error
      })
      await send(connection, 'commit')
    },
    record: async (key, answer) => {
      await send(connection, `release savepoint ${SAVEPOINT}`).catch(lost)
      const { affected } = await ask(connection, updateAnswer(table), [answer, key])
      if (affected !== 1) throw endedFromOutside(undefined)
    },
  }
}

function lost(error: unknown): never {
  throw isNoSavepoint(error) ? endedFromOutside(error) : error
}

function insertClaim(table: string): string {
  return `insert into ${table} (idempotency_key, receipt_id, proposal_id, proposal_hash, request_digest)
values (?, ?, ?, ?, ?)`
}

/** Of a key that was found taken, and waited for: its transaction is over. */
function selectStored(table: string): string {
  return `select receipt_id, proposal_id, proposal_hash, request_digest, answer from ${table} where idempotency_key = ?`
}

function updateAnswer(table: string): string {
  return `update ${table} set answer = ? where idempotency_key = ? and answer is null`
}
