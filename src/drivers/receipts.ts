/** What the receipts tables of all engines have in common. */
import { RunnerError } from '../errors.js'
import type { TableRef } from '../sql/dialect.js'
import type { StoredReceipt } from './driver.js'

/** A receipt from its texts: key, kind, proposal hash, anchor, previous version, new version, moment. */
export function toReceipt(row: readonly (string | null | undefined)[]): StoredReceipt {
  const [key, kind, proposal_hash, anchor, previous_version, new_version, executed_at] = row
  return {
    key: key ?? '',
    kind: kind === 'applied' ? 'applied' : 'tombstone',
    proposal_hash: proposal_hash ?? '',
    anchor: anchor ?? '',
    previous_version: previous_version ?? null,
    new_version: new_version ?? null,
    executed_at: executed_at ?? '',
  }
}

export function receiptsMissing(source: string, receipts: TableRef, cause?: unknown): RunnerError {
  const name = nameOf(receipts)
  return new RunnerError('RECEIPTS_MISSING', `Source ${source} has no table ${name} with the columns of receipts.`, {
    details: { source, ...receipts },
    cause,
  })
}

/** @param shape - What the table has to be, in words for the person who makes it. */
export function receiptsUnfit(source: string, receipts: TableRef, shape: string): RunnerError {
  const name = nameOf(receipts)
  return new RunnerError('PRECONDITION_FAILED', `Table ${name} of source ${source} cannot keep receipts.`, {
    details: { source, ...receipts },
    next: `Make it with the SQL of runner.migrations(): ${shape}.`,
  })
}

export function receiptVanished(source: string, key: string | undefined): RunnerError {
  return new RunnerError('INTEGRITY', `A receipt in source ${source} was there and then was not.`, {
    details: { source, key },
  })
}

function nameOf({ schema, table }: TableRef): string {
  return schema === undefined ? table : `${schema}.${table}`
}
