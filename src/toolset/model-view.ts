import type { Envelope } from '../protocol/envelope.js'

/**
 * How much of an envelope a model sees. `full`: all of it; `summary`: not the rows, but what was read and how much;
 * `handles_only`: the sentence and the handles, by which the host finds the rest.
 */
export type InlineEvidence = 'full' | 'summary' | 'handles_only'

const ORDER: readonly InlineEvidence[] = ['full', 'summary', 'handles_only']

/** The strictest of what contract and host ask for. */
export function strictest(levels: readonly (InlineEvidence | undefined)[]): InlineEvidence {
  return ORDER[Math.max(0, ...levels.map((level) => (level === undefined ? 0 : ORDER.indexOf(level))))] ?? 'full'
}

/** An envelope as a model sees it. What is left out stays with the host. */
export type ModelView = Omit<Envelope, 'proposal' | 'evidence'> & {
  readonly proposal?: Envelope['proposal'] | Pick<NonNullable<Envelope['proposal']>, 'id' | 'status' | 'next'>
  readonly evidence?: Envelope['evidence'] | Pick<NonNullable<Envelope['evidence']>, 'bundle_id'>
}

export function toModelView(envelope: Envelope, level: InlineEvidence): ModelView {
  if (level === 'full') return envelope
  const { data: _, proposal, evidence, ...rest } = envelope
  const whole = level === 'summary'
  return {
    ...rest,
    ...(proposal === undefined ? {} : { proposal: whole ? proposal : handleOf(proposal) }),
    ...(evidence === undefined ? {} : { evidence: whole ? evidence : { bundle_id: evidence.bundle_id } }),
  }
}

function handleOf({ id, status, next }: NonNullable<Envelope['proposal']>) {
  return { id, status, next }
}
