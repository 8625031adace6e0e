import { setTimeout as sleep } from 'node:timers/promises'
import type { HandlerRequest } from '../protocol/handler.js'
import type { AppExecutor, Delivery } from './executor.js'

const MOST_TRIES = 3

/**
 * Delivers a request, and the same again a few times where the app says that it was too busy to begin. Nothing else is
 * repeated here: a delivery without an answer may still be at work.
 */
export async function deliver(executor: AppExecutor, request: HandlerRequest): Promise<Delivery> {
  const began = performance.now()
  for (let tries = 1; ; tries++) {
    const delivery = await executor.deliver(request)
    const repeat_after_ms = delivery.kind === 'doubtful' ? delivery.repeat_after_ms : undefined
    if (repeat_after_ms === undefined || tries === MOST_TRIES) return delivery
    // Spread, so that callers who were turned away together do not come back together.
    const wait_ms = repeat_after_ms * 2 ** (tries - 1) * (1 + Math.random() / 2)
    if (performance.now() + wait_ms - began > executor.timeout_ms) return delivery
    await sleep(wait_ms)
  }
}

/** The longest that {@link deliver} takes, in milliseconds: the last try begins within the time of one. */
export function longestDelivery({ timeout_ms }: AppExecutor): number {
  return 2 * timeout_ms
}
