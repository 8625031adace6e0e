import { ERROR_CODES, type ErrorCode } from '../errors.js'

/** What to type to mend what an error says, where there is such a command; `source` is the one that it is about. */
export function mendingCommand(code: ErrorCode | undefined, source?: string): string | undefined {
  if (code === 'LEDGER_OUTDATED') return 'synapsor-runner ledger migrate'
  if (source === undefined) return undefined
  if (code === 'RECEIPTS_MISSING') return `synapsor-runner migrations apply ${source}`
  return code === 'SOURCE_FORBIDDEN' ? `synapsor-runner migrations print ${source}` : undefined
}

/** What the library says of these speaks of its own verbs, which nobody can type. */
const TYPED: Partial<Readonly<Record<ErrorCode, string>>> = {
  LEDGER_OUTDATED: 'Bring the ledger up to date with ledger migrate.',
  RECEIPTS_MISSING:
    'Make the table with migrations apply, or have an administrator run what migrations print shows. A table of another shape must be moved away first.',
  SOURCE_FORBIDDEN: 'Grant what migrations print lists.',
}

/** What to do, in words of the command line where the library has only its own. */
export function typedNext(code: ErrorCode | undefined, next: string): string
export function typedNext(code: ErrorCode | undefined, next: string | undefined): string | undefined
export function typedNext(code: ErrorCode | undefined, next: string | undefined): string | undefined {
  if (code === undefined || next !== ERROR_CODES[code].next) return next
  return TYPED[code] ?? next
}
