import type { AppExecutor } from '../executors/executor.js'
import type { LoadedProposal } from './load-proposal.js'

/** Requests of which nobody knows what became, and that the app may still be at work on. */
export interface Doubt {
  /** When the last of them may have been sent, in milliseconds since 1970. */
  readonly since: number
}

/** Whether an attempt so far was cut off, or never ended on record. */
export function doubtOf({ state, entries }: LoadedProposal): Doubt | undefined {
  if (!state.unsettled && state.open_attempts.length === 0) return undefined
  const begun = entries.filter((entry) => entry.type === 'apply.started').map(({ at }) => Date.parse(at))
  const cutOff = entries.filter((entry) => entry.type === 'apply.interrupted').map(({ at }) => Date.parse(at))
  const open = state.open_attempts.map((attempt) => begun[attempt - 1] ?? 0)
  return { since: Math.max(...open, ...cutOff) }
}

export function doubtSince(now: Date): Doubt {
  return { since: now.getTime() }
}

/** No app works on one request for so long, in milliseconds. */
const LONGEST_WORK_MS = 15 * 60 * 1000

/** Where the executor may be gone. */
const NO_LIMIT = { timeout_ms: 0 }

/**
 * From when on a refusal by an app that has looked at its keys settles the proposal, in milliseconds since 1970. An app
 * that keeps keys says `key_settled`, and need not be waited for.
 */
export function whenBelieved({ since }: Doubt, { timeout_ms }: Pick<AppExecutor, 'timeout_ms'> = NO_LIMIT): number {
  return since + Math.max(LONGEST_WORK_MS, 4 * timeout_ms)
}
