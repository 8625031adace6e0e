import type { z } from 'zod'
import { inlineEvidence } from '../contract/adapter-schema.js'
import { ERROR_CODES } from '../errors.js'
import type { Envelope } from '../protocol/envelope.js'

/**
 * How much of an envelope a model sees. `full`: all that it can use; `summary`: no value of a row, but what was read and
 * how much, and what it asked for; `handles_only`: the sentence and the handles, by which the host finds the rest.
 */
export type InlineEvidence = z.infer<ReturnType<typeof inlineEvidence>>

export function isLevel(value: unknown): value is InlineEvidence {
  return inlineEvidence().safeParse(value).success
}

/** The strictest of what contract and host ask for. */
export function strictest(levels: readonly (InlineEvidence | undefined)[]): InlineEvidence {
  // The schema lists them from the whole to the least.
  return inlineEvidence().options.findLast((level) => levels.includes(level)) ?? 'full'
}

type EnvelopeProposal = NonNullable<Envelope['proposal']>

/** A proposal as a model sees it. */
export type ModelProposal = Partial<Omit<EnvelopeProposal, 'hash' | 'next_allowed_actions'>> &
  Pick<EnvelopeProposal, 'id' | 'status' | 'next'>

/** An envelope as a model sees it. What is left out stays with the host. */
export type ModelView = Omit<Envelope, 'proposal' | 'evidence'> & {
  readonly proposal?: ModelProposal
  readonly evidence?: Envelope['evidence'] | Pick<NonNullable<Envelope['evidence']>, 'bundle_id'>
}

export function toModelView(envelope: Envelope, level: InlineEvidence): ModelView {
  const { data, proposal, evidence, ...rest } = level === 'full' ? envelope : withoutState(envelope)
  const cited = evidence && (level === 'handles_only' ? { bundle_id: evidence.bundle_id } : evidence)
  return {
    ...rest,
    ...(data === undefined || level !== 'full' ? {} : { data }),
    ...(proposal === undefined ? {} : { proposal: toModelProposal(proposal, level) }),
    ...(cited === undefined ? {} : { evidence: cited }),
  }
}

/** The hash and what people may do with a proposal are for people: a model can use neither. */
export function toModelProposal(proposal: EnvelopeProposal, level: InlineEvidence): ModelProposal {
  const { hash: _, next_allowed_actions: __, ...useful } = proposal
  if (level === 'full') return useful
  const { id, status, next } = useful
  return level === 'summary' ? { ...useful, diff: withoutBefore(proposal.diff) } : { id, status, next }
}

function withoutBefore(diff: EnvelopeProposal['diff']): EnvelopeProposal['diff'] {
  return Object.fromEntries(Object.entries(diff).map(([column, { after }]) => [column, { after }]))
}

/** Which changes are allowed now tells in which state the row is. */
function withoutState(envelope: Envelope): Envelope {
  const { error } = envelope
  if (error?.code !== 'TRANSITION_REFUSED') return envelope
  const { allowed: _, ...details } = error.details
  const { next } = ERROR_CODES.TRANSITION_REFUSED
  return { ...envelope, summary: `${error.message} ${next}`, error: { ...error, details, next } }
}
