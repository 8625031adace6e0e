/**
 * How an approved change reaches the app that owns the write. An executor delivers a request once and tells what is
 * known of it; what follows from that is decided by `apply` and `reconcile`.
 */
import type { ErrorCode } from '../errors.js'
import type { HandlerRequest } from '../protocol/handler.js'

export interface AppExecutor {
  /** After this time one delivery has ended, in milliseconds. */
  readonly timeout_ms: number
  /** Delivers the request once. Never throws. */
  deliver(request: HandlerRequest): Promise<Delivery>
}

/** What is known after one delivery. */
export type Delivery =
  /** The app gave a valid answer. */
  | { readonly kind: 'answered'; readonly report: HandlerReport }
  /** The app refused this delivery before it did any work. Of an earlier one it says nothing. */
  | { readonly kind: 'refused'; readonly safe_error_code: string | null; readonly status: number }
  /** Nothing has left this process. */
  | { readonly kind: 'unsent'; readonly reason: UnsentReason }
  /** Anything else: the app may have done it, or may still do it. */
  | {
      readonly kind: 'doubtful'
      readonly reason: DoubtReason
      /** Present where the app says when to come back: after this time the same can be delivered again. */
      readonly repeat_after_ms?: number
    }

export type UnsentReason =
  | 'refused_connection'
  | 'unknown_host'
  | 'private_address'
  | 'tls'
  | 'not_executable'
  | 'timeout'
  | 'too_late'

export type DoubtReason =
  | 'timeout'
  | 'connection_lost'
  | 'redirect'
  | 'status'
  | 'too_large'
  | 'not_an_answer'
  | 'other_proposal'
  | 'contradiction'
  | 'exit_code'
  | 'exception'

/** An answer of the app that holds together, with everything bounded that will be kept. */
export interface HandlerReport {
  readonly status: 'applied' | 'already_applied' | 'conflict' | 'failed'
  readonly rows_affected: number
  readonly previous_version: string | null
  readonly new_version: string | null
  readonly new_object_id: string | null
  readonly safe_error_code: string | null
  readonly details: Readonly<Record<string, unknown>>
  /** Nothing can follow under this key any more. */
  readonly key_settled: boolean
  /** A rehearsal, as the app says: nothing was kept. */
  readonly dry_run: boolean
}

/** Whether an executor could deliver, found out without delivering anything. */
export type Probe =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string; readonly next: string }
