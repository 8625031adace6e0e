import { isRunnerError } from '../errors.js'
import { ENTRY_BODIES, type EntryBody, type EntryType, entryProblem, type StoredEntry } from '../protocol/entry.js'
import { bodyOf } from '../protocol/state.js'
import type { LedgerProblem } from './ledger.js'

/** The last entry that was walked. Its hash is unknown when it could not be read. */
export interface ChainHead {
  readonly seq: number
  readonly hash: string | undefined
}

/** An entry and what the store derived from it. */
export interface WalkedEntry {
  readonly seq: number
  /** `undefined` when it cannot be read. */
  readonly entry: StoredEntry | undefined
  /** Place of the proposal or run that the entry belongs to. */
  readonly created_seq: number | undefined
  /** What lists know of a receipt. */
  readonly receipt: { readonly receipt_id: string; readonly proposal_id: string; readonly status: string } | undefined
  /** Digest under which the job of an entry `job.exported` is kept. */
  readonly job_digest: string | undefined
}

/** What is wrong with an entry, its place behind `head`, and what was derived from it. */
export function entryProblems(walked: WalkedEntry, head: ChainHead): readonly LedgerProblem[] {
  const { seq, entry } = walked
  if (entry === undefined) return [{ seq, code: 'HASH', message: `Entry ${seq} cannot be read.` }]
  return [...placeProblems(entry, head), ...contentProblems(entry), ...derivedProblems(walked, entry)]
}

function placeProblems({ seq, prev }: StoredEntry, head: ChainHead): readonly LedgerProblem[] {
  if (seq !== head.seq + 1) {
    return [{ seq, code: 'GAP', message: `Between entry ${head.seq} and entry ${seq} something is missing.` }]
  }
  if (head.hash === undefined || prev === head.hash) return []
  return [{ seq, code: 'LINK', message: `Entry ${seq} does not follow entry ${head.seq}.` }]
}

function contentProblems(entry: StoredEntry): readonly LedgerProblem[] {
  const { seq, salt, body } = entry
  const problem = entryProblem(entry)
  if (problem === 'hash') return [{ seq, code: 'HASH', message: `Entry ${seq} is not what was recorded.` }]
  if (problem === 'payload') return [{ seq, code: 'PAYLOAD', message: `The content of entry ${seq} was changed.` }]
  if ((salt === null) === (body === null)) return []
  return [{ seq, code: 'PAYLOAD', message: `The content of entry ${seq} was removed and not erased.` }]
}

function derivedProblems(walked: WalkedEntry, entry: StoredEntry): readonly LedgerProblem[] {
  const { seq, type } = entry
  const problem = (message: string): readonly LedgerProblem[] => [{ seq, code: 'PROJECTION', message }]
  if (!isKnownEntry(type)) return []
  if (walked.created_seq === undefined) return problem(`Nothing is listed for entry ${seq}.`)
  if ((walked.created_seq === seq) !== (type === 'proposal.created' || type === 'run.created')) {
    return problem(`What entry ${seq} belongs to is listed at another place.`)
  }
  if ((type === 'receipt.recorded' || walked.receipt !== undefined) && !receiptAgrees(walked, entry)) {
    return problem(`The receipt of entry ${seq} is not listed as it was recorded.`)
  }
  if (type === 'job.exported' && !jobAgrees(walked, entry)) {
    return problem(`The job of entry ${seq} is not kept as it was exported.`)
  }
  return []
}

function receiptAgrees({ receipt }: WalkedEntry, entry: StoredEntry): boolean {
  if (receipt === undefined || entry.type !== 'receipt.recorded') return false
  if (entry.body === null) return true
  const body = readBody('receipt.recorded', entry)
  return (
    body?.receipt_id === receipt.receipt_id && body.status === receipt.status && receipt.proposal_id === entry.subject
  )
}

function jobAgrees({ job_digest }: WalkedEntry, entry: StoredEntry): boolean {
  return entry.body === null || readBody('job.exported', entry)?.job_digest === job_digest
}

/** A body that does not fit its type is told of once, where the proposal is folded. */
function readBody<T extends EntryType>(type: T, entry: StoredEntry): EntryBody<T> | undefined {
  try {
    return bodyOf(type, entry)
  } catch (error) {
    if (isRunnerError(error)) return undefined
    throw error
  }
}

function isKnownEntry(type: string): boolean {
  return Object.hasOwn(ENTRY_BODIES, type)
}
