import { deepFreeze } from '../contract/freeze.js'
import type { FunctionExecutorName } from '../contract/infer.js'
import type { Config } from '../contract/schema.js'
import { isRecord } from '../contract/snapshot.js'
import type { HandlerRequest } from '../protocol/handler.js'
import type { AppExecutor, Delivery } from './executor.js'
import { doubtful, readAnswerText } from './read-answer.js'

/** An approved change as a function of the host gets it: read-only, with what an app is sent over HTTP. */
export type HandlerJob = HandlerRequest

/** What came of it, beside the status. Ends in the receipt and in the replay. */
interface Told {
  readonly previous_version?: string | number | null
  readonly new_version?: string | number | null
  /** Of what was made, such as a ticket or a refund. */
  readonly new_object_id?: string | number | null
  /** A small object: 8 KiB of JSON at most. */
  readonly details?: Readonly<Record<string, unknown>>
}

/** The work is done: by this call, or by an earlier one under the same key. */
interface Done extends Told {
  readonly status: 'applied' | 'already_applied'
  readonly rows_affected: number
  readonly source_database_mutated?: true
}

/** Asked with `dry_run`, everything was done and nothing kept. */
interface Rehearsed extends Told {
  readonly status: 'applied'
  readonly rows_affected: number
  readonly source_database_mutated: false
  readonly details: Readonly<Record<string, unknown>> & { readonly dry_run: true }
}

/** Nothing was done. */
interface NotDone extends Told {
  readonly status: 'conflict' | 'failed'
  readonly rows_affected?: 0
  readonly source_database_mutated?: false
  /** A reason of the app's own, such as `CREDIT_POLICY_CHANGED`. */
  readonly safe_error_code?: string
  /** Nothing can follow under this key any more. */
  readonly key_settled?: boolean
}

/** What a function of the host answers. */
export type HandlerResult = Done | Rehearsed | NotDone

export interface ExecutorCall {
  /** Aborted when the runner waits no longer. The outcome is unknown then, until the same job is answered. */
  readonly signal: AbortSignal
}

/**
 * Performs an approved change in the host's own process, such as inside a transaction of its own.
 *
 * It is called at least once for an approved change, always with the same `idempotency_key`: whoever has done the work
 * under that key answers `already_applied`. A function that throws may have written before, so the outcome is unknown.
 */
export type ExecutorFunction = (job: HandlerJob, call: ExecutorCall) => Promise<HandlerResult> | HandlerResult

/** Functions by the names of the executors that they are. */
export type ExecutorFunctions<C extends Config = Config> = {
  readonly [Name in FunctionExecutorName<C>]?: ExecutorFunction
}

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
    return readAnswerText(request, JSON.stringify(complete(answer)) ?? '')
  } catch {
    return doubtful('exception')
  }
}

/** What follows from the status need not be said. */
function complete(answer: HandlerResult): unknown {
  if (!isRecord(answer)) return answer
  const isDone = answer.status === 'applied' || answer.status === 'already_applied'
  return { rows_affected: isDone ? undefined : 0, source_database_mutated: isDone, ...answer }
}
