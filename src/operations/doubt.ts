import type { AppExecutor } from '../executors/executor.js'
import type { LoadedProposal } from './load-proposal.js'

/** Attempts of which nobody knows the end, and that the app may still be at work on. */
export interface Doubt {
  /** When the last of them began, in milliseconds since 1970. */
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

/** No app works on one request for so long, in milliseconds. */
const LONGEST_WORK_MS = 15 * 60 * 1000

/**
 * How long a refusal by the app does not yet settle the proposal; `undefined` when it does. An app that keeps keys says
 * `key_settled`, and need not be waited for.
 */
export function stillDoubtful(
  doubt: Doubt | undefined,
  { now, executor }: { readonly now: Date; readonly executor: AppExecutor },
): { readonly retry_after_ms: number } | undefined {
  if (doubt === undefined) return undefined
  const retry_after_ms = doubt.since + Math.max(LONGEST_WORK_MS, 4 * executor.timeout_ms) - now.getTime()
  return retry_after_ms > 0 ? { retry_after_ms } : undefined
}
