import { z } from 'zod'
import { canonicalJson, type Digest, digestText } from './canonical.js'
import { once } from './once.js'
import { proposalV2 } from './proposal.js'
import type { DeepReadonly } from './readonly.js'
import { receiptV2 } from './receipt.js'
import { digestString, timestamp } from './values.js'

const person = once(() => z.strictObject({ id: z.string().min(1), roles: z.array(z.string()) }))

/** Each kind of ledger entry and its body, `noun.past-participle`. A proposal's state is the fold of its entries. */
export const ENTRY_BODIES = {
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

export type EntryType = keyof typeof ENTRY_BODIES
export type EntryBody<T extends EntryType> = DeepReadonly<z.infer<ReturnType<(typeof ENTRY_BODIES)[T]>>>

/** An entry before the ledger has given it its place in the chain. `subject` is the proposal it belongs to. */
export type NewEntry = {
  [T in EntryType]: {
    readonly type: T
    readonly subject: string
    readonly at: string
    readonly body: EntryBody<T>
  }
}[EntryType]

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
export function sealEntry(entry: NewEntry, seq: number, prev: string, salt: string): StoredEntry {
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

/** What is wrong with a stored entry on its own, or `undefined`. `prev` is checked against its neighbour by the caller. */
export function entryProblem(entry: StoredEntry): 'hash' | 'payload' | undefined {
  if (entryHash(entry) !== entry.hash) return 'hash'
  if (entry.body === null || entry.salt === null) return undefined
  return commitmentOf(entry.salt, entry.body) === entry.commitment ? undefined : 'payload'
}
