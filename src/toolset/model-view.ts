import { ERROR_CODES } from '../errors.js'
import type { Envelope } from '../protocol/envelope.js'

/**
 * How much of an envelope a model sees. `full`: all that it can use; `summary`: no value of a row, but what was read and
 * how much, and what it asked for; `handles_only`: the sentence and the handles, by which the host finds the rest.
 */
export type InlineEvidence = 'full' | 'summary' | 'handles_only'

const ORDER: readonly InlineEvidence[] = ['full', 'summary', 'handles_only']

export function isLevel(value: unknown): value is InlineEvidence {
  return ORDER.some((level) => level === value)
}

/** The strictest of what contract and host ask for. */
export function strictest(levels: readonly (InlineEvidence | undefined)[]): InlineEvidence {
  return ORDER[Math.max(0, ...levels.map((level) => (level === undefined ? 0 : ORDER.indexOf(level))))] ?? 'full'
}

type EnvelopeProposal = NonNullable<Envelope['proposal']>

/** A proposal as a model sees it. */
export type ViewedProposal = Partial<Omit<EnvelopeProposal, 'hash' | 'next_allowed_actions'>> &
  Pick<EnvelopeProposal, 'id' | 'status' | 'next'>

/** An envelope as a model sees it. What is left out stays with the host. */
export type ModelView = Omit<Envelope, 'proposal' | 'evidence'> & {
  readonly proposal?: ViewedProposal
  readonly evidence?: Envelope['evidence'] | Pick<NonNullable<Envelope['evidence']>, 'bundle_id'>
}

export function toModelView(envelope: Envelope, level: InlineEvidence): ModelView {
  const { data, proposal, evidence, ...rest } = level === 'full' ? envelope : withoutState(envelope)
  const cited = evidence && (level === 'handles_only' ? { bundle_id: evidence.bundle_id } : evidence)
  return {
    ...rest,
    ...(data === undefined || level !== 'full' ? {} : { data }),
    ...(proposal === undefined ? {} : { proposal: toProposalView(proposal, level) }),
    ...(cited === undefined ? {} : { evidence: cited }),
  }
}

/** The hash and what people may do with a proposal are for people: a model can use neither. */
export function toProposalView(proposal: EnvelopeProposal, level: InlineEvidence): ViewedProposal {
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
