import {
  ABOUT_A_NOUN,
  COMMIT_VERBS,
  EARLY_WRITE_VERBS,
  FIRST_WRITE_VERBS,
  JOINERS,
  MAKING_VERBS,
  NOUNS,
  PLAIN_READ_VERBS,
  PROPOSAL_NOUNS,
  PROPOSAL_VERBS,
  PROPOSAL_VERBS_OR_NOUNS,
  READ_AND_WRITE,
  READ_VERBS,
  WRITE_VERBS,
} from './verbs.js'
import { segmentsOf } from './words.js'

/** What a name says that its tool does. */
export interface NameVerbs {
  /** The name begins with a verb that reads. */
  readonly reads: boolean
  /** Verbs of writing that count, those of deciding among them. */
  readonly writes: readonly string[]
  /** Verbs of deciding: approve, apply and the like. */
  readonly commits: readonly string[]
  /** The name ends at a proposal. */
  readonly proposes: boolean
}

/**
 * Reads the verbs of a name. `get_commit` reads, `list_applied_changes` reads, `propose_rollback` proposes, `draft_delete` and
 * `review_and_approve` do more.
 */
export function nameVerbs(name: string): NameVerbs {
  const segments = segmentsOf(name).map(joinedWords)
  const last = readSegment(segments.at(-1) ?? [])
  // A namespace may hold the verb: `delete.customer`.
  const before = segments.slice(0, -1).flatMap((words) => words.slice(0, 1).filter(isPlainWrite))
  const writes = [...before, ...last.writes]
  return { ...last, writes, commits: writes.filter((verb) => COMMIT_VERBS.has(verb)) }
}

function isPlainWrite(word: string): boolean {
  return (WRITE_VERBS.has(word) || COMMIT_VERBS.has(word)) && !NOUNS.has(word)
}

function joinedWords(words: readonly string[]): readonly string[] {
  return words.flatMap((word, at) => {
    if (word === 'roll' && words[at + 1] === 'back') return ['rollback']
    return word === 'back' && words[at - 1] === 'roll' ? [] : [word]
  })
}

function readSegment(words: readonly string[]): Omit<NameVerbs, 'commits'> {
  const verbs = words.map((word, at) => isWrite(word, at, words))
  const head = words.findIndex((word, at) => verbs[at] || isRead(word, at) || isPropose(word, at, words))
  const first = words[head] ?? ''
  const proposes = isProposal(words, head)
  const reads = isRead(first, head)
  const counts = (at: number): boolean => {
    if (verbs[at] !== true) return false
    if (isJoined(words, at)) return true
    if (proposes) return false
    return !reads || isSecondVerb(words, at)
  }
  const writes = words.filter((_, at) => counts(at))
  return { reads, writes, proposes: proposes && writes.length === 0 }
}

function isRead(word: string, at: number): boolean {
  return at === 0 ? READ_VERBS.has(word) : PLAIN_READ_VERBS.has(word)
}

/** Behind another word, and in `review_status`, `request`, `draft` and `review` are nouns. */
function isPropose(word: string, at: number, words: readonly string[]): boolean {
  if (!PROPOSAL_VERBS_OR_NOUNS.has(word)) return PROPOSAL_VERBS.has(word)
  return at === 0 && !isNounBefore(words[1])
}

function isWrite(word: string, at: number, words: readonly string[]): boolean {
  if (WRITE_VERBS.has(word) || COMMIT_VERBS.has(word)) return true
  if (at === 0) return EARLY_WRITE_VERBS.has(word) || (FIRST_WRITE_VERBS.has(word) && !isNounBefore(words[1]))
  if (isJoined(words, at)) return EARLY_WRITE_VERBS.has(word)
  // Behind one word, which may be the name of the product: `slack_post_message`.
  const next = words[2]
  return at === 1 && next !== undefined && !isNounBefore(next) && isEarly(word)
}

/** The next word tells that this one is a noun: `order_status`, `order_propose_refund`. */
function isNounBefore(next = ''): boolean {
  return ABOUT_A_NOUN.has(next) || (PROPOSAL_VERBS.has(next) && !PROPOSAL_VERBS_OR_NOUNS.has(next))
}

function isEarly(word: string): boolean {
  return EARLY_WRITE_VERBS.has(word) || FIRST_WRITE_VERBS.has(word)
}

function isJoined(words: readonly string[], at: number): boolean {
  return at > 1 && JOINERS.has(words[at - 1] ?? '')
}

/** Behind a verb that reads, what is written is mostly what is read: `get_update_status`. */
function isSecondVerb(words: readonly string[], at: number): boolean {
  const word = words[at] ?? ''
  if (READ_AND_WRITE.has(`${words[at - 1]}_${word}`)) return true
  return at === words.length - 1 && !NOUNS.has(word)
}

function isProposal(words: readonly string[], head: number): boolean {
  const first = words[head] ?? ''
  const rest = words.slice(head + 1)
  if (isPropose(first, head, words)) return !isObjectFirst(first, rest.at(-1) ?? '')
  if (words.some((word, at) => word === 'for' && ['review', 'approval'].includes(words[at + 1] ?? ''))) return true
  return MAKING_VERBS.has(first) && !words.includes('http') && rest.some((word) => PROPOSAL_NOUNS.has(word))
}

/** `draft_delete` deletes drafts, while `request_refund` asks for one. */
function isObjectFirst(first: string, last: string): boolean {
  return PROPOSAL_VERBS_OR_NOUNS.has(first) && isPlainWrite(last)
}
