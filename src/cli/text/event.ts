import { RunnerError } from '../../errors.js'
import type { StoredEntry } from '../../index.js'
import { escapeUntrusted } from '../untrusted-text.js'
import { wordsOf } from './entry-words.js'

/** An entry for machines: its body as JSON, `null` once erased. */
export interface Event {
  readonly seq: number
  readonly at: string
  readonly type: string
  readonly subject: string
  readonly hash: string
  readonly body: unknown
}

/** @throws RunnerError `INTEGRITY` for a body that is not what was recorded. */
export function toEvent({ seq, at, type, subject, hash, body }: StoredEntry): Event {
  return { seq, at, type, subject, hash, body: body === null ? null : parse(body, seq) }
}

function parse(body: string, seq: number): unknown {
  try {
    return JSON.parse(body)
  } catch (cause) {
    throw new RunnerError('INTEGRITY', `Ledger entry ${seq} cannot be read.`, { details: { seq }, cause })
  }
}

/** An entry for people, on one line. */
export function lineOf(entry: StoredEntry): string {
  const { who, what } = wordsOf(entry)
  const { seq, at, subject } = entry
  return escapeUntrusted([seq, at, subject, ...(who === null ? [] : [who]), what].join('  '))
}
