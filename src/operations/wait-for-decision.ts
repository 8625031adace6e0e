import { setTimeout as sleep } from 'node:timers/promises'
import { RunnerError } from '../errors.js'
import type { ResolvedContext } from './context.js'
import { loadOwnProposal, viewOwn } from './own-proposal.js'
import type { Ports } from './ports.js'
import type { ProposalView } from './proposal.js'

export interface WaitOptions {
  /** Longest wait. Default 30,000, at most 600,000. */
  readonly timeout_ms?: number
  /** Ends the wait early; the view is returned as it is then. */
  readonly signal?: AbortSignal
}

/** Ten minutes: whoever waits longer asks again. */
const LONGEST_WAIT_MS = 600_000
const FIRST_PAUSE_MS = 25
const LONGEST_PAUSE_MS = 500

/** Waits until a proposal of one's own is no longer pending. At the time limit: the view as it is, not a throw. */
export async function waitForDecision(
  ports: Ports,
  id: string,
  own: ResolvedContext,
  { timeout_ms = 30_000, signal }: WaitOptions = {},
): Promise<ProposalView> {
  assertOptions(timeout_ms, signal)
  const deadline = performance.now() + Math.min(timeout_ms, LONGEST_WAIT_MS)
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const { state } = await loadOwnProposal(ports, id, own)
    const view = viewOwn(ports, state)
    const left = deadline - performance.now()
    const waiting = view.status === 'pending_review' && view.information_requested === undefined
    if (!waiting || left <= 0 || signal?.aborted === true) return view
    await sleep(Math.min(pause, left), undefined, signal === undefined ? {} : { signal }).catch(() => undefined)
  }
}

function assertOptions(timeout_ms: unknown, signal: unknown): void {
  const fits = typeof timeout_ms === 'number' && timeout_ms >= 0
  if (fits && (signal === undefined || signal instanceof AbortSignal)) return
  throw new RunnerError('INVALID_ARGUMENT', 'A wait takes timeout_ms of 0 or more, and an AbortSignal.')
}
