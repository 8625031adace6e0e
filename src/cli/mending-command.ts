import type { ErrorCode } from '../errors.js'

/** What to type to mend what an error says, where there is such a command; `source` is the one that it is about. */
export function mendingCommand(code: ErrorCode | undefined, source?: string): string | undefined {
  if (code === 'LEDGER_OUTDATED') return 'synapsor-runner ledger migrate'
  if (source === undefined) return undefined
  if (code === 'RECEIPTS_MISSING') return `synapsor-runner migrations apply ${source}`
  return code === 'SOURCE_FORBIDDEN' ? `synapsor-runner migrations print ${source}` : undefined
}
