/** The receipts table in a MySQL source. Its primary key alone decides who wins. */
import type { TableRef } from '../sql/dialect.js'
import { insertTombstone, selectReceipt } from '../sql/mysql-update.js'
import type { ReceiptClaim, StoredReceipt } from './driver.js'
import type { MysqlTable } from './mysql-describe.js'
import { isDuplicateKey } from './mysql-errors.js'
import type { MysqlSession } from './mysql-session.js'
import { receiptsUnfit, receiptVanished, toReceipt } from './receipts.js'

/** @throws RunnerError `PRECONDITION_FAILED` when a receipt there could be lost, or shared by two keys. */
export function assertReceiptsTable({ info }: MysqlTable, source: string): void {
  const [key] = info.unique_keys
  const isPlain = !info.has_triggers && !info.problems.some(({ severity }) => severity === 'refuse')
  const isBytes = /^(var)?binary\b/.test(info.columns.get('key')?.type ?? '')
  if (isPlain && isBytes && info.unique_keys.length === 1 && key?.join() === 'key') return
  throw receiptsUnfit(source, info.ref, 'InnoDB, primary key `key` of type varbinary(64), no triggers')
}

export async function findReceipt(
  session: MysqlSession,
  table: TableRef,
  key: string,
): Promise<StoredReceipt | undefined> {
  const { rows } = await session.run(selectReceipt(table), [key])
  return rows[0] && toReceipt(rows[0])
}

/**
 * Leaves a tombstone unless the key is taken, and returns what stands under the key from then on. The insert waits for
 * a transaction in flight on the key.
 */
export async function settleReceipt(
  session: MysqlSession,
  claim: ReceiptClaim,
  source: string,
): Promise<StoredReceipt> {
  try {
    await session.run(insertTombstone(claim.table), [claim.key, claim.proposal_hash, claim.anchor])
    await session.send('commit')
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
    await session.send('rollback')
  }
  const settled = await findReceipt(session, claim.table, claim.key)
  await session.send('rollback')
  if (settled) return settled
  throw receiptVanished(source, claim.key)
}
