import * as z from 'zod'
import { canonicalJson, type Digest, digestText } from './canonical.js'
import { once } from './once.js'
import { proposalV2 } from './proposal.js'
import type { DeepReadonly } from './readonly.js'
import { receiptV2 } from './receipt.js'
import { RUN_ENDS, RUN_STATUSES, runV1, STEP_KINDS } from './run.js'
import { digestString, timestamp } from './values.js'

const person = once(() => z.strictObject({ id: z.string().min(1), roles: z.array(z.string()) }))

/** Each kind of entry of a proposal and its body, `noun.past-participle`. Its state is the fold of its entries. */
export const PROPOSAL_ENTRIES = {
  'proposal.created': once(() => z.strictObject({ proposal: proposalV2(), hash: digestString() })),
  'proposal.approved': once(() =>
    z.strictObject({
      hash: digestString(),
      approver: person(),
      reason: z.string().nullable(),
      signature: z.string().nullable(),
    }),
  ),
  'proposal.rejected': once(() =>
    z.strictObject({ hash: digestString(), approver: person(), reason: z.string().nullable() }),
  ),
  'information.requested': once(() => z.strictObject({ approver: person(), question: z.string() })),
  'proposal.withdrawn': once(() => z.strictObject({ by: z.string() })),
  'proposal.superseded': once(() =>
    z.strictObject({ by: z.string().nullable(), why: z.enum(['replaced', 'row_moved']) }),
  ),
  'proposal.expired': once(() => z.strictObject({ expired_at: timestamp() })),
  'proposal.revoked': once(() => z.strictObject({ approver: person(), reason: z.string().nullable() })),
  'job.exported': once(() => z.strictObject({ writeback_job_id: z.string(), job_digest: digestString() })),
  /** `receipts` is where the source was to keep the receipt of this attempt; absent where it keeps none. */
  'apply.started': once(() => z.strictObject({ attempt: z.int().min(1), receipts: z.string().exactOptional() })),
  /** The connection was lost at a moment when the change may have been committed. */
  'apply.interrupted': once(() => z.strictObject({ attempt: z.int().min(1) })),
  /** The attempt ended without any change, for certain, and may be made again. */
  'apply.released': once(() => z.strictObject({ attempt: z.int().min(1), code: z.string() })),
  'receipt.recorded': receiptV2,
} as const

const stepKey = once(() => z.string().min(1).max(128))
const request = once(() => digestString())

const stepError = once(() =>
  z.strictObject({
    code: z.string(),
    message: z.string(),
    retry: z.string(),
    details: z.record(z.string(), z.unknown()),
    next: z.string(),
  }),
)

/** Each kind of entry of a run. `request` is the digest of what a step was asked, so that it is known again. */
export const RUN_ENTRIES = {
  'run.created': once(() => z.strictObject({ run: runV1() })),
  /** Somebody took up a run that had stopped. */
  'run.resumed': once(() => z.strictObject({ by: z.enum(['session', 'runner']) })),
  /** A function of the app is about to run; until `lease_until` nobody else runs it. */
  'step.started': once(() =>
    z.strictObject({
      key: stepKey(),
      kind: z.enum(STEP_KINDS),
      request: request(),
      attempt: z.int().min(1),
      lease_until: timestamp(),
    }),
  ),
  'step.waiting': once(() =>
    z.strictObject({
      key: stepKey(),
      kind: z.enum(STEP_KINDS),
      request: request(),
      status: z.enum(RUN_STATUSES),
      proposal_id: z.string().nullable(),
      question: z.string().nullable(),
    }),
  ),
  'step.finished': once(() =>
    z.strictObject({
      key: stepKey(),
      kind: z.enum(STEP_KINDS),
      request: request(),
      evidence_bundle_id: z.string().nullable(),
      proposal_id: z.string().nullable(),
      /** What later steps read of it; `null` where the evidence holds it. */
      output: z.json(),
      /** Called from outside, by a link: no part of the order of steps. */
      linked: z.boolean(),
    }),
  ),
  'step.failed': once(() =>
    z.strictObject({
      key: stepKey(),
      kind: z.enum(STEP_KINDS),
      request: request(),
      error: stepError(),
      linked: z.boolean(),
    }),
  ),
  'run.finished': once(() =>
    z.strictObject({ status: z.enum(RUN_ENDS), error: stepError().nullable(), output: z.json() }),
  ),
} as const

/** Each kind of ledger entry and its body. */
export const ENTRY_BODIES = { ...PROPOSAL_ENTRIES, ...RUN_ENTRIES } as const

export type EntryType = keyof typeof ENTRY_BODIES
export type ProposalEntryType = keyof typeof PROPOSAL_ENTRIES
export type RunEntryType = keyof typeof RUN_ENTRIES
export type EntryBody<T extends EntryType> = DeepReadonly<z.infer<ReturnType<(typeof ENTRY_BODIES)[T]>>>

interface Unsealed<T extends EntryType> {
  readonly type: T
  readonly subject: string
  readonly at: string
  readonly body: EntryBody<T>
}

/** An entry before the ledger has given it its place in the chain. `subject` is the proposal it belongs to. */
export type NewEntry = { [T in ProposalEntryType]: Unsealed<T> }[ProposalEntryType]

/** The same of a run, which is its `subject`. */
export type NewRunEntry = { [T in RunEntryType]: Unsealed<T> }[RunEntryType]

/**
 * One link of the chain, as a ledger gives it back: its hashes are any text until `entryProblem` has found them
 * right. The chain holds the commitment; salt and body lie beside it, so that erasing a body leaves the chain whole.
 */
export interface StoredEntry {
  readonly seq: number
  readonly type: string
  readonly subject: string
  readonly at: string
  readonly commitment: string
  readonly prev: string
  readonly hash: string
  /** `null` once erased. */
  readonly salt: string | null
  /** Canonical JSON, `null` once erased. */
  readonly body: string | null
}

/** What stands before the first entry: the digest `synapsor.entry.v1` of the text `genesis`. */
export const GENESIS: Digest = 'sha256:0fff19d33c6e6ff4d83e41c3765901518ef5eea070bf0db7ede9acc34fc8d97c'

export function commitmentOf(salt: string, body: string): Digest {
  return digestText('synapsor.payload.v1', `${salt}\0${body}`)
}

export function entryHash(entry: Pick<StoredEntry, 'seq' | 'type' | 'subject' | 'at' | 'commitment' | 'prev'>): Digest {
  const { seq, type, subject, at, commitment, prev } = entry
  return digestText('synapsor.entry.v1', canonicalJson([seq, type, subject, at, commitment, prev]))
}

/** Gives an entry its place behind `prev`. */
export function sealEntry(entry: NewEntry | NewRunEntry, seq: number, prev: string, salt: string): StoredEntry {
  const body = canonicalJson(entry.body)
  const link = {
    seq,
    type: entry.type,
    subject: entry.subject,
    at: entry.at,
    commitment: commitmentOf(salt, body),
    prev,
  }
  return { ...link, hash: entryHash(link), salt, body }
}

/** True where nothing is left of the content of all these entries. */
export function areErased(entries: readonly Pick<StoredEntry, 'body'>[]): boolean {
  return entries.length > 0 && entries.every(({ body }) => body === null)
}

/** What is wrong with a stored entry on its own, or `undefined`. `prev` is checked against its neighbour by the caller. */
export function entryProblem(entry: StoredEntry): 'hash' | 'payload' | undefined {
  if (entryHash(entry) !== entry.hash) return 'hash'
  if (entry.body === null || entry.salt === null) return undefined
  return commitmentOf(entry.salt, entry.body) === entry.commitment ? undefined : 'payload'
}
