import { isRunnerError } from '../errors.js'
import { digestText } from '../protocol/canonical.js'
import { entryProblem, type StoredEntry } from '../protocol/entry.js'
import { isOpen } from '../protocol/run.js'
import { foldRun } from '../protocol/run-state.js'
import { bodyOf, foldProposal } from '../protocol/state.js'
import { readInteger } from './rows.js'
import type { Connection } from './sqlite-connection.js'
import { readProposal } from './sqlite-proposals.js'
import { readRun } from './sqlite-runs.js'

const ERASE_ENTRIES = 'update entries set salt = null, body = null where subject = ? and body is not null'

/** Erases the entries of a proposal and its exported jobs. 0 for one that is not what was recorded, which stays. */
export function eraseProposal(file: Connection, proposal_id: string, dry_run: boolean): number {
  const entries = readable(() => {
    const stored = readProposal(file, proposal_id)
    if (stored === undefined || !areWhole(stored.entries)) return undefined
    return foldProposal(stored.entries).status === stored.row.status ? stored.entries : undefined
  })
  if (entries === undefined) return 0
  if (dry_run) return entries.length
  for (const entry of entries) {
    if (entry.type !== 'job.exported') continue
    const { writeback_job_id } = bodyOf('job.exported', entry)
    file.run('delete from jobs where writeback_job_id = ? and proposal_id = ?', writeback_job_id, proposal_id)
  }
  return file.run(ERASE_ENTRIES, proposal_id)
}

/** As {@link eraseProposal}, for a run that has ended. */
export function eraseRun(file: Connection, run_id: string, dry_run: boolean): number {
  const entries = readable(() => {
    const stored = readRun(file, run_id)
    if (stored === undefined || !areWhole(stored.entries)) return undefined
    const { status } = foldRun(stored.entries)
    return status === stored.row.status && !isOpen(status) ? stored.entries : undefined
  })
  if (entries === undefined) return 0
  return dry_run ? entries.length : file.run(ERASE_ENTRIES, run_id)
}

/** A bundle of evidence as it lies in the ledger. */
export interface Bundle {
  readonly seq: number
  readonly digest: string
  readonly text: string
}

/** Erases what a bundle holds. False for one that is not what was recorded, which stays. */
export function eraseBundle(file: Connection, { seq, digest, text }: Bundle, dry_run: boolean): boolean {
  if (digestText('synapsor.evidence.v1', text) !== digest) return false
  return dry_run || file.run('update reads set body = null where seq = ? and body is not null', seq) === 1
}

/** One piece of the oldest counts at a time. */
const DELETE_REFUSALS = `
  delete from refusals where (minute, tenant_id, capability, code) in
    (select minute, tenant_id, capability, code from refusals where minute < ? order by minute limit 500)`

/** Deletes some of the counts of minutes before, and tells how many. */
export function deleteRefusals(file: Connection, minute: string): number {
  return file.run(DELETE_REFUSALS, minute)
}

export function countRefusals(file: Connection, minute: string): number {
  return readInteger(file.get('select count(*) as lines from refusals where minute < ?', minute) ?? {}, 'lines')
}

/** None was changed, and none erased before. */
function areWhole(entries: readonly StoredEntry[]): boolean {
  return entries.every((entry) => entry.body !== null && entry.salt !== null && entryProblem(entry) === undefined)
}

function readable<Value>(read: () => Value | undefined): Value | undefined {
  try {
    return read()
  } catch (error) {
    if (isRunnerError(error)) return undefined
    throw error
  }
}
