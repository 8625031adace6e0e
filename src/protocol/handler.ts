/**
 * What a runner and an app say to each other when the app performs an approved change: one request, one answer, the
 * same over HTTP and over the standard streams of a program.
 */
import { createHmac } from 'node:crypto'
import * as z from 'zod'
import { once } from './once.js'
import type { DeepReadonly } from './readonly.js'
import { digestString, identifier, jsonScalar, timestamp } from './values.js'

export const HANDLER_SCHEMA_VERSION = 'synapsor.handler-writeback.v1'

/** Reason of an app that has had other work under the same key: it says nothing of what became of that. */
export const KEY_REUSED = 'KEY_REUSED'

/** Lower-case names of the headers of a request. The bearer token travels in `authorization`. */
export const HANDLER_HEADERS = {
  idempotency_key: 'idempotency-key',
  /** Seconds since 1970, UTC, when this request was sent. */
  timestamp: 'x-synapsor-timestamp',
  /** What {@link signHandlerBody} gives. */
  signature: 'x-synapsor-signature',
} as const

const columnValue = once(() => z.looseObject({ column: identifier(), value: jsonScalar() }))
const values = once(() => z.record(identifier(), jsonScalar()))

/**
 * One approved change on its way to the app. Open: a receiver reads what it knows. What stands under the second comment
 * is not in requests of older runners.
 */
export const handlerRequestV1 = once(() =>
  z.looseObject({
    schema_version: z.literal(HANDLER_SCHEMA_VERSION),
    writeback_job_id: z.string().min(1),
    proposal_id: z.string().min(1),
    /** The same on every try. Whoever has done the work under it answers `already_applied`. */
    idempotency_key: z.string().min(1),
    /** Name of the executor in the contract. */
    executor: z.string(),
    dry_run: z.boolean(),
    change_set: z.looseObject({
      /** Name of the capability. */
      action: z.string().min(1),
      scope: z.looseObject({
        tenant_id: z.string(),
        principal: z.string(),
        object_type: z.string(),
        object_id: z.string(),
      }),
      before: values(),
      patch: values(),
      after: values(),
      guards: z.looseObject({
        expected_version: columnValue().exactOptional(),
        /** Where the table has no version column: every reviewed column as it was. */
        reviewed: values().exactOptional(),
      }),
      evidence: z.looseObject({ bundle_id: z.string() }),
    }),
    // What older runners do not send.
    protocol_version: z.string().exactOptional(),
    proposal_hash: digestString().exactOptional(),
    proposal_version: z.int().min(1).exactOptional(),
    target: z
      .looseObject({
        schema: identifier().exactOptional(),
        table: identifier(),
        primary_key: columnValue(),
        tenant_key: columnValue().nullable(),
      })
      .exactOptional(),
    allowed_columns: z.array(identifier()).exactOptional(),
    approvals: z
      .array(z.looseObject({ approver: z.string(), roles: z.array(z.string()), decided_at: timestamp() }))
      .exactOptional(),
    /** When the last approval was given. The same on every try, like the whole body. */
    issued_at: timestamp().exactOptional(),
    /** The change must not be made after this moment. */
    expires_at: timestamp().exactOptional(),
    /**
     * True: nothing is to be done any more. Whoever keeps keys bars this one and answers `failed`, or `already_applied`
     * where it was done. Sent together with `dry_run`, so that an app that does not know it does nothing either.
     */
    settle: z.boolean().exactOptional(),
  }),
)
export type HandlerRequest = DeepReadonly<z.infer<ReturnType<typeof handlerRequestV1>>>

/** What is kept of an answer if it fits, and no reason to doubt the rest if it does not. */
const spare = <Schema extends z.ZodType>(schema: Schema) => schema.nullable().catch(null).exactOptional()
const name = once(() => z.union([z.string().max(1024), z.number(), z.boolean()]))

/**
 * What the app answers. Open: a key that nobody knows is no reason to doubt what was done. `null` is as good as nothing.
 */
export const handlerAnswerV1 = once(() =>
  z.looseObject({
    status: z.enum(['applied', 'already_applied', 'conflict', 'failed']),
    /** An action may touch several rows. */
    rows_affected: z.int().min(0),
    previous_version: spare(name()),
    new_version: spare(name()),
    /** Of what was made, such as a ticket or a refund. */
    new_object_id: spare(name()),
    source_database_mutated: z.boolean(),
    safe_error_code: spare(z.string()),
    /** Another spelling of `safe_error_code`. */
    error_code: spare(z.string()),
    details: spare(z.record(z.string(), z.json())),
    /**
     * True: nothing can follow under this key any more, whatever requests are still on their way. Without it a refusal
     * says nothing of an earlier try that went unanswered.
     */
    key_settled: spare(z.boolean()),
    proposal_id: z.string().nullable().exactOptional(),
    proposal_hash: z.string().nullable().exactOptional(),
    idempotency_key: z.string().nullable().exactOptional(),
    writeback_job_id: z.string().nullable().exactOptional(),
  }),
)
export type HandlerAnswer = DeepReadonly<z.infer<ReturnType<typeof handlerAnswerV1>>>

/** What of an answer is read and kept: by the runner, and so by an app that answers it. */
export const HANDLER_LIMITS = {
  /** Bytes of an answer. */
  answer_bytes: 256 * 1024,
  /** Characters of canonical JSON of its details. */
  details: 8 * 1024,
  /** How deep lists and objects may lie in each other; the answer itself counts. */
  depth: 16,
  /** What a code looks like: it is kept and shown, and a text of another form might be anything. */
  code: /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/,
} as const

/** The signature of a body sent at `seconds`: `sha256=` and the HMAC-SHA256 of `<seconds>.<body>` in hexadecimal digits. */
export function signHandlerBody(secret: string, seconds: number, body: string | Uint8Array): string {
  const hmac = createHmac('sha256', secret).update(`${seconds}.`).update(body)
  return `sha256=${hmac.digest('hex')}`
}
