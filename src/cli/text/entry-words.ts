import type { EntryBody, EntryType, StoredEntry } from '../../index.js'
import { bodyOf } from '../../protocol/state.js'
import { count } from './lines.js'

/** What an entry of the ledger says: who did what. Not escaped. */
export interface EntryWords {
  /** `null` where nobody in particular did it. */
  readonly who: string | null
  readonly what: string
}

type Words = { readonly [T in EntryType]: (body: EntryBody<T>) => EntryWords }

const WORDS: Words = {
  'proposal.created': ({ proposal: { context, capability, target, mode } }) => ({
    who: context.principal,
    what: `${mode === 'shadow' ? 'proposed in shadow' : 'proposed'} on ${target.primary_key.value.text ?? ''}: ${capability}`,
  }),
  'proposal.approved': ({ approver, reason }) => ({ who: approver.id, what: because('approved', reason) }),
  'proposal.rejected': ({ approver, reason }) => ({ who: approver.id, what: because('rejected', reason) }),
  'information.requested': ({ approver, question }) => ({ who: approver.id, what: `asked: ${question}` }),
  'proposal.withdrawn': ({ by }) => ({ who: by, what: 'withdrew the proposal' }),
  'proposal.superseded': ({ by, why }) => nobody(why === 'replaced' ? `was replaced by ${by}` : 'its row had moved on'),
  'proposal.expired': () => nobody('expired'),
  'proposal.revoked': ({ approver, reason }) => ({ who: approver.id, what: because('revoked the approval', reason) }),
  'job.exported': ({ writeback_job_id }) => nobody(`was exported as ${writeback_job_id}`),
  'apply.started': ({ attempt }) => nobody(`apply began, attempt ${attempt}`),
  'apply.interrupted': ({ attempt }) => nobody(`apply was cut off, attempt ${attempt}: its outcome is not known`),
  'apply.released': ({ attempt, code }) => nobody(`apply ended without a change, attempt ${attempt} (${code})`),
  'receipt.recorded': ({ status, rows_affected, safe_error_code }) =>
    nobody(`${status}, ${count(rows_affected, 'row')}${safe_error_code === null ? '' : ` (${safe_error_code})`}`),
  'run.created': ({ run: { context, workflow } }) => ({ who: context.principal, what: `started ${workflow}` }),
  'run.resumed': ({ by }) => ({ who: by === 'session' ? 'caller' : 'operator', what: 'resumed the run' }),
  'step.started': ({ key, attempt }) => nobody(`step ${key} began, attempt ${attempt}`),
  'step.waiting': ({ key, status }) => nobody(`step ${key} waits for ${status.replace('waiting_', '')}`),
  'step.finished': ({ key }) => nobody(`step ${key} finished`),
  'step.failed': ({ key, error }) => nobody(`step ${key} failed (${error.code})`),
  'run.finished': ({ status }) => nobody(`the run is ${status}`),
}

/** Tells an entry in words. One whose content is gone, or not what was recorded, is told too: what follows must stay in sight. */
export function wordsOf(entry: StoredEntry): EntryWords {
  const { type, body } = entry
  if (body === null) return nobody(`${type}; its content was erased`)
  if (!isKnown(type)) return nobody(type)
  try {
    return told(type, entry)
  } catch {
    return nobody(`${type}; it cannot be read: run ledger verify`)
  }
}

function told<T extends EntryType>(type: T, entry: StoredEntry): EntryWords {
  return WORDS[type](bodyOf(type, entry))
}

function isKnown(type: string): type is EntryType {
  return Object.hasOwn(WORDS, type)
}

function nobody(what: string): EntryWords {
  return { who: null, what }
}

function because(what: string, reason: string | null): string {
  return reason === null ? what : `${what}: ${reason}`
}
