import { statusAt } from '../policy/expiry.js'
import { digest } from '../protocol/canonical.js'
import { jobDigest, type WritebackJob } from '../protocol/job.js'
import type { FrozenProposal } from '../protocol/proposal.js'
import type { ProposalState } from '../protocol/state.js'
import { toJson } from '../protocol/values.js'
import { wrongStatus } from './decide.js'
import { advance, loadProposal, untilRecorded } from './load-proposal.js'
import type { Ports } from './ports.js'

/** How long an exported job may be applied. */
const LEASE_MS = 15 * 60 * 1000
/**
 * Exports an approved change as a job for another process. The ledger keeps its digest: `applyJob` takes it back only
 * unedited.
 */
export async function exportJob(ports: Ports, id: string): Promise<WritebackJob> {
  return untilRecorded(async () => {
    const loaded = await loadProposal(ports, id)
    const { state } = loaded
    const now = ports.clock.now()
    const status = statusAt(state.status, state.frozen.expires_at, now)
    if (status !== 'approved' && status !== 'applying' && status !== 'outcome_unknown') {
      throw wrongStatus(state.frozen.proposal_id, status, 'Only an approved proposal can be exported.')
    }
    const job = buildJob(ports, state, now)
    const job_digest = jobDigest(job)
    const advanced = await advance(ports, loaded, {
      durability: 'durable',
      entry: {
        type: 'job.exported',
        subject: state.frozen.proposal_id,
        at: now.toISOString(),
        body: { writeback_job_id: job.writeback_job_id, job_digest },
      },
      job: { job, digest: job_digest },
    })
    return advanced && job
  })
}

function buildJob(ports: Ports, { frozen, hash, attempts }: ProposalState, now: Date): WritebackJob {
  const { target } = frozen
  return {
    schema_version: 'synapsor.writeback-job.v2',
    writeback_job_id: ports.ids.next('wbj'),
    proposal_id: frozen.proposal_id,
    proposal_version: frozen.proposal_version,
    proposal_hash: hash,
    runner_scope: { project_id: 'local', source_id: frozen.source.name },
    engine: frozen.source.engine,
    operation: 'single_row_update',
    target: {
      ...(target.schema === undefined ? {} : { schema: target.schema }),
      table: target.table,
      primary_key: { column: target.primary_key.column, value: toJson(target.primary_key.value) },
    },
    tenant_guard:
      target.tenant_guard === null
        ? null
        : { column: target.tenant_guard.column, value: toJson(target.tenant_guard.value) },
    allowed_columns: frozen.allowed_columns,
    patch: frozen.patch,
    before: frozen.before,
    after: frozen.after,
    conflict_guard: jobGuard(frozen),
    idempotency_key: frozen.idempotency_key,
    lease: {
      lease_id: ports.ids.next('lease'),
      attempt: attempts + 1,
      expires_at: new Date(now.getTime() + LEASE_MS).toISOString(),
    },
  }
}

function jobGuard({ conflict_guard: guard }: FrozenProposal): WritebackJob['conflict_guard'] {
  if (guard.kind === 'column') return { kind: 'column', column: guard.column, expected_value: guard.expected_value }
  return { kind: 'row_hash', expected_hash: digest('synapsor.row.v1', guard.reviewed) }
}
