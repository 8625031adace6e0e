import { deepFreeze } from '../contract/freeze.js'
import type { FunctionName } from '../contract/infer.js'
import type { Config } from '../contract/schema.js'
import type { HandlerAnswer, HandlerRequest } from '../protocol/handler.js'
import type { AppExecutor, Delivery } from './executor.js'
import { doubtful, readAnswerText } from './read-answer.js'

/** An approved change as a function of the host gets it: read-only, with what an app is sent over HTTP. */
export type HandlerJob = HandlerRequest

/** What a function of the host answers; as over HTTP. */
export type HandlerResult = HandlerAnswer

export interface FunctionCall {
  /** Aborted when the runner waits no longer. The outcome is unknown then, until the same job is answered. */
  readonly signal: AbortSignal
}

/**
 * Performs an approved change in the host's own process, such as inside a transaction of its own.
 *
 * It is called at least once for an approved change, always with the same `idempotency_key`: whoever has done the work
 * under that key answers `already_applied`. A function that throws may have written before, so the outcome is unknown.
 */
export type ExecutorFunction = (job: HandlerJob, call: FunctionCall) => Promise<HandlerResult> | HandlerResult

/** Functions by the names of the executors that they are. */
export type ExecutorFunctions<C extends Config = Config> = { readonly [Name in FunctionName<C>]?: ExecutorFunction }

export function functionExecutor(run: ExecutorFunction, timeout_ms: number): AppExecutor {
  return {
    timeout_ms,
    async deliver(request) {
      const waiting = new AbortController()
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<Delivery>((resolve) => {
        timer = setTimeout(() => {
          resolve(doubtful('timeout'))
          waiting.abort()
        }, timeout_ms)
      })
      try {
        return await Promise.race([call(run, request, waiting.signal), late])
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

async function call(run: ExecutorFunction, request: HandlerRequest, signal: AbortSignal): Promise<Delivery> {
  try {
    const answer = await run(deepFreeze(structuredClone(request)), { signal })
    // As text, so that what the host keeps of its answer cannot change what was read.
    return readAnswerText(request, JSON.stringify(answer) ?? '')
  } catch {
    return doubtful('exception')
  }
}
