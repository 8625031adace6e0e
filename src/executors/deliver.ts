import { setTimeout as sleep } from 'node:timers/promises'
import type { HandlerRequest } from '../protocol/handler.js'
import type { AppExecutor, Delivery } from './executor.js'

const MOST_TRIES = 3

/** What is known after all tries of one delivery. */
export interface Delivered {
  readonly last: Delivery
  /** The app may be at work on a try before the last one: it was answered, but not by what was made of it. */
  readonly is_followed: boolean
}

/**
 * Delivers a request, and the same again a few times where the app says when to come back. Nothing else is repeated
 * here: a delivery without an answer may still be at work.
 *
 * @param maySend - Asked before each try: whoever was held up must not come too late.
 */
export async function deliver(
  executor: AppExecutor,
  request: HandlerRequest,
  maySend: () => boolean = () => true,
): Promise<Delivered> {
  const began = performance.now()
  for (let tries = 1; ; tries++) {
    if (!maySend()) return { last: { kind: 'unsent', reason: 'too_late' }, is_followed: tries > 1 }
    const last = await tryOnce(executor, request)
    const is_followed = tries > 1
    const repeat_after_ms = last.kind === 'doubtful' ? last.repeat_after_ms : undefined
    if (repeat_after_ms === undefined || tries === MOST_TRIES) return { last, is_followed }
    // Spread, so that callers who were turned away together do not come back together.
    const wait_ms = repeat_after_ms * 2 ** (tries - 1) * (1 + Math.random() / 2)
    if (performance.now() + wait_ms - began > executor.timeout_ms) return { last, is_followed }
    await sleep(wait_ms)
  }
}

/** Whatever an executor does, it may have been after the request had left. */
async function tryOnce(executor: AppExecutor, request: HandlerRequest): Promise<Delivery> {
  try {
    return await executor.deliver(request)
  } catch {
    return { kind: 'doubtful', reason: 'exception' }
  }
}

/** The longest that {@link deliver} takes, in milliseconds: the last try begins within the time of one. */
export function longestDelivery({ timeout_ms }: AppExecutor): number {
  return 2 * timeout_ms
}
