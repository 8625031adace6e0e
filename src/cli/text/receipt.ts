import type { Receipt } from '../../index.js'
import type { View } from '../command.js'
import { escapeUntrusted } from '../untrusted-text.js'
import { type Field, renderFields } from './fields.js'

/** What each status means to the person who applied. */
const MEANING: Readonly<Record<Receipt['status'], string>> = {
  applied: 'The change is in the source.',
  already_applied: 'The change was in the source already; nothing was written now.',
  conflict: 'The row is not what was approved any more. Nothing was written.',
  failed: 'Nothing was written.',
}

/** Whether the source now holds what was approved. */
export function isDone({ status }: Receipt): boolean {
  return status === 'applied' || status === 'already_applied'
}

export function renderReceipt(receipt: Receipt, { columns, paint }: View): string {
  const title = `${receipt.proposal_id}  ${receipt.dry_run ? `${receipt.status} (dry run)` : receipt.status}`
  const meaning = receipt.dry_run ? dryRunMeaning(receipt) : MEANING[receipt.status]
  const paintTitle = isDone(receipt) ? paint.green : paint.yellow
  return [paintTitle(escapeUntrusted(title)), '', renderFields(fields(receipt), columns), '', meaning].join('\n')
}

function dryRunMeaning(receipt: Receipt): string {
  return isDone(receipt)
    ? 'An apply would write it now. Nothing was written.'
    : 'An apply would not write it. Nothing was written.'
}

function fields(receipt: Receipt): readonly Field[] {
  const { receipt_id, rows_affected, previous_version, new_version, executed_at, safe_error_code, new_object_id } =
    receipt
  const all: readonly (readonly [string, string | null])[] = [
    ['Receipt', receipt_id],
    ['Rows', String(rows_affected)],
    [
      'Version',
      previous_version === null && new_version === null ? null : `${previous_version ?? '-'} → ${new_version ?? '-'}`,
    ],
    ['New object', new_object_id],
    ['Reason', safe_error_code],
    ...Object.entries(receipt.details).map(([name, value]) => [escapeUntrusted(name), JSON.stringify(value)] as const),
    ['At', executed_at],
    ['Hash', receipt.receipt_hash],
  ]
  return all.flatMap(([label, value]): Field[] => (value === null ? [] : [[label, escapeUntrusted(value)]]))
}
