/** The steps of a transaction in SQLite. */
import type { TableRef } from '../protocol/table.js'
import { sqliteDialect } from '../sql/sqlite.js'
import { type HandlerTransaction, type ReceiptClaim, SAVEPOINT } from './database.js'
import { endedFromOutside, receiptsMissing } from './failure.js'
import { type SqliteHandle, type SqliteRow, select, textIn } from './sqlite-client.js'
import { endsTransaction, isMissing } from './sqlite-errors.js'
import { findRows } from './sqlite-rows.js'

export function rollBack(handle: SqliteHandle): void {
  try {
    handle.exec('rollback')
  } catch {
    // It was over already: SQLite itself rolls back after some failures.
  }
}

type Steps = Omit<HandlerTransaction<unknown>, 'tx' | 'commit'>

export function sqliteSteps(handle: SqliteHandle, receipts: TableRef): Steps {
  const table = sqliteDialect.table(receipts)
  const find = (key: string): SqliteRow | undefined => {
    try {
      return select(handle, selectStored(table), key)[0]
    } catch (error) {
      throw isMissing(error) ? receiptsMissing(receipts, error) : error
    }
  }
  const insert = ({ key, receipt_id, proposal_id, proposal_hash, request_digest }: ReceiptClaim) => {
    handle.prepare(insertClaim(table)).run(key, receipt_id, proposal_id, proposal_hash, request_digest)
  }
  return {
    claim: async (claim) => {
      const row = find(claim.key)
      if (row) {
        return {
          receipt_id: textIn(row, 'receipt_id') ?? '',
          proposal_id: textIn(row, 'proposal_id') ?? '',
          proposal_hash: textIn(row, 'proposal_hash'),
          request_digest: textIn(row, 'request_digest') ?? '',
          answer: textIn(row, 'answer'),
        }
      }
      insert(claim)
      handle.exec(`savepoint ${SAVEPOINT}`)
      return undefined
    },
    lockRows: async (query) => findRows(handle, query),
    readRows: async (query) => findRows(handle, query),
    undo: async () => unlessEnded(() => handle.exec(`rollback to savepoint ${SAVEPOINT}`)),
    isEndedBy: endsTransaction,
    abandon: async (claim) => {
      rollBack(handle)
      handle.exec('begin immediate')
      if (!find(claim.key)) insert(claim)
      handle.exec('commit')
    },
    record: async (key, answer) => {
      unlessEnded(() => handle.exec(`release savepoint ${SAVEPOINT}`))
      handle.prepare(updateAnswer(table)).run(answer, key)
      if (textIn(find(key), 'answer') !== answer) throw endedFromOutside(undefined)
    },
  }
}

function unlessEnded(step: () => unknown): void {
  try {
    step()
  } catch (error) {
    throw isMissing(error) ? endedFromOutside(error) : error
  }
}

function insertClaim(table: string): string {
  return `insert into ${table} (idempotency_key, receipt_id, proposal_id, proposal_hash, request_digest)
values (?, ?, ?, ?, ?)`
}

function selectStored(table: string): string {
  return `select receipt_id, proposal_id, proposal_hash, request_digest, answer from ${table} where idempotency_key = ?`
}

function updateAnswer(table: string): string {
  return `update ${table} set answer = ? where idempotency_key = ? and answer is null`
}
