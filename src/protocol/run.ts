import * as z from 'zod'
import { canonicalJson, type Digest, digestText } from './canonical.js'
import { once } from './once.js'
import { contextV2 } from './proposal.js'
import type { DeepReadonly } from './readonly.js'
import { RUN_ENDS, RUN_STATUSES, type RunEnd, type RunStatus } from './run-status.js'
import type { Awaiting, NextAction } from './status.js'
import { digestString, jsonScalar, timestamp } from './values.js'

export { RUN_ENDS, RUN_STATUSES, type RunEnd, type RunStatus }

/** True while a run can still move. */
export function isOpen(status: RunStatus): boolean {
  return !RUN_ENDS.some((end) => end === status)
}

/** A run as it was started. Never changed. */
export const runV1 = once(() =>
  z.strictObject({
    schema_version: z.literal('synapsor.run.v1'),
    run_id: z.string().regex(/^run_/),
    workflow: z.string(),
    version: z.string(),
    workflow_digest: digestString(),
    form: z.enum(['steps', 'function', 'linked']),
    context: contextV2(),
    input: z.record(z.string(), jsonScalar()),
    /** Given by the host: the same key is the same run. */
    key: z.string().nullable(),
    branch: z.string(),
    created_at: timestamp(),
    expires_at: timestamp(),
  }),
)
export type FrozenRun = DeepReadonly<z.infer<ReturnType<typeof runV1>>>

/** Equal for two requests that mean the same run: by the host's key, or, without one, by what was given. */
export function runIdentity({ context, workflow, key, input }: FrozenRun): Digest {
  const { tenant_id, principal, on_behalf_of } = context
  const meant = key === null ? { input } : { key }
  return digestText(
    'synapsor.run-identity.v1',
    canonicalJson({ tenant_id, principal, on_behalf_of: on_behalf_of ?? null, workflow, ...meant }),
  )
}

/** What lists and compare-and-set need of a run, as it follows from its entries: a row of the ledger. */
export function runRow({ frozen, status }: { readonly frozen: FrozenRun; readonly status: RunStatus }) {
  const { run_id, context, workflow, key, created_at, expires_at } = frozen
  return {
    ...{ run_id, status, tenant_id: context.tenant_id, principal: context.principal, workflow },
    ...{ identity: runIdentity(frozen), keyed: key !== null, created_at, expires_at },
  }
}

/** The label under which an app shows what a run has staged. */
export function branchOf(workflow: string, run_id: string): string {
  return `wf_${workflow.replaceAll('.', '_')}_${run_id}`
}

/** What kinds of steps a run has. */
export const STEP_KINDS = [
  'inspect',
  'propose',
  'approval',
  'information',
  'external',
  'apply',
  'condition',
  'function',
] as const

export type StepKind = (typeof STEP_KINDS)[number]

/** Whose move it is in a run. An event of the app is awaited from outside. */
export type RunAwaiting = Awaiting | 'external'

/** What may legally happen next to a run. */
export type RunAction = NextAction | 'continue'

interface NextMove {
  readonly next_allowed_actions: readonly RunAction[]
  readonly awaiting: RunAwaiting
}

const AGAIN: NextMove = { next_allowed_actions: ['propose_again'], awaiting: 'caller' }
const OVER: NextMove = { next_allowed_actions: [], awaiting: null }

const MOVES: Readonly<Record<RunStatus, NextMove>> = {
  // What it waited for has come, or its process has ended: whoever touches it moves it on.
  running: { next_allowed_actions: ['continue'], awaiting: 'caller' },
  waiting_approval: { next_allowed_actions: ['approve', 'reject', 'request_more_info'], awaiting: 'reviewer' },
  waiting_information: { next_allowed_actions: ['provide_information', 'reject'], awaiting: 'caller' },
  waiting_external: { next_allowed_actions: ['continue'], awaiting: 'external' },
  waiting_apply: { next_allowed_actions: ['apply', 'revoke'], awaiting: 'worker' },
  completed: OVER,
  rejected: OVER,
  canceled: OVER,
  conflict: AGAIN,
  failed: AGAIN,
  expired: AGAIN,
}

/** Whose move it is in a run of this status, and which. */
export function nextMove(status: RunStatus): NextMove {
  return MOVES[status]
}
