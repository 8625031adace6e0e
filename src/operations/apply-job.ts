import { isRunnerError, RunnerError } from '../errors.js'
import { canonicalJson } from '../protocol/canonical.js'
import { jobDigest, jobV2, type WritebackJob } from '../protocol/job.js'
import type { Receipt } from '../protocol/receipt.js'
import { renderV1 } from '../protocol/render-v1.js'
import { bodyOf } from '../protocol/state.js'
import { jobV1 } from '../protocol/v1.js'
import { apply } from './apply.js'
import { loadProposal } from './load-proposal.js'
import type { Ports } from './ports.js'

/**
 * Applies an exported job through the ledger that issued it, as version 2 or as its version 1 rendering. Any edit,
 * down to one byte of one field, is refused.
 *
 * @throws RunnerError `INTEGRITY` for an edited job or one of another ledger, `EXPIRED` past its lease.
 */
export async function applyJob(ports: Ports, job: unknown): Promise<Receipt> {
  const parsed = jobV2().safeParse(job)
  const given = parsed.success ? parsed.data : jobV1().safeParse(job).data
  if (given === undefined) throw new RunnerError('INVALID_ARGUMENT', 'This is not a writeback job.')
  const kept = await ports.ledger.findJob(given.writeback_job_id)
  if (kept === undefined) await assertNotErased(ports, given.proposal_id)
  if (kept === undefined || jobDigest(kept.job) !== kept.digest || !isUnedited(given, kept.job)) {
    throw new RunnerError('INTEGRITY', 'This job is not one that this ledger issued, or it was edited.', {
      details: { writeback_job_id: given.writeback_job_id },
      next: 'Export the job again.',
    })
  }
  if (Date.parse(kept.job.lease.expires_at) <= ports.clock.now().getTime()) {
    throw new RunnerError('EXPIRED', `The lease of ${given.writeback_job_id} has expired.`, {
      details: { writeback_job_id: given.writeback_job_id },
      next: 'Export the job again.',
    })
  }
  await assertExported(ports, kept.job)
  return apply(ports, kept.job.proposal_id)
}

/** A job is erased with its proposal: then it is no edited one. */
async function assertNotErased(ports: Ports, proposal_id: string): Promise<void> {
  await loadProposal(ports, proposal_id).catch((error: unknown) => {
    if (isRunnerError(error) && error.code === 'ERASED') throw error
  })
}

/** The chain must say that this very job was exported: a job row edited together with its digest is not enough. */
async function assertExported(ports: Ports, job: WritebackJob): Promise<void> {
  const { entries } = await loadProposal(ports, job.proposal_id)
  const digest = jobDigest(job)
  const exported = entries.some((entry) => {
    if (entry.type !== 'job.exported') return false
    const body = bodyOf('job.exported', entry)
    return body.writeback_job_id === job.writeback_job_id && body.job_digest === digest
  })
  if (exported) return
  throw new RunnerError('INTEGRITY', 'The record of this job was changed after it was exported.', {
    details: { writeback_job_id: job.writeback_job_id, proposal_id: job.proposal_id },
  })
}

function isUnedited(given: { readonly schema_version: string }, kept: WritebackJob): boolean {
  const issued = given.schema_version === kept.schema_version ? kept : renderV1(kept)
  return canonicalJson(given) === canonicalJson(issued)
}
