import {
  COMMIT_VERBS,
  DESTRUCTIVE_VERBS,
  JOINERS,
  PROPOSAL_NOUNS,
  PROPOSAL_VERBS,
  READ_VERBS,
  WRITE_VERBS,
} from './verbs.js'

const BEFORE_A_VERB = new Set(
  'to tool that you can will may which it also immediately permanently automatically directly instantly'.split(' '),
)
const NEGATIONS = new Set('never not cannot cant dont doesnt wont without no'.split(' '))
const NOTHING = new Set('nothing no none'.split(' '))

/** How many words may stand before the first verb: "This tool can be used to delete". */
const LONGEST_START = 8

/**
 * The verbs of writing that the first sentence of a description says of its tool: the first verb, and those joined to it.
 * "Reads and deletes a row" deletes; "Changes nothing" and "Creates a proposal" write nothing.
 *
 * @param reads - The name of the tool reads: then only plainly destructive verbs count against it.
 */
export function textVerbs(sentence: readonly string[], reads: boolean): readonly string[] {
  const bases = sentence.map(baseOf)
  const head = bases.slice(0, LONGEST_START).findIndex((base, at) => isVerb(base) && isVerbPlace(sentence, at))
  if (head < 0) return []
  return bases.filter((base, at) => {
    if (at !== head && !(at > head && JOINERS.has(sentence[at - 1] ?? ''))) return false
    if (!(reads ? DESTRUCTIVE_VERBS : WRITE_VERBS).has(base) && !COMMIT_VERBS.has(base)) return false
    return !isNegated(sentence, at) && !makesProposal(bases, at)
  })
}

function isVerb(base: string): boolean {
  return [READ_VERBS, WRITE_VERBS, COMMIT_VERBS, PROPOSAL_VERBS].some((verbs) => verbs.has(base))
}

function isVerbPlace(sentence: readonly string[], at: number): boolean {
  return at === 0 || BEFORE_A_VERB.has(sentence[at - 1] ?? '')
}

function isNegated(sentence: readonly string[], at: number): boolean {
  return NOTHING.has(sentence[at + 1] ?? '') || NEGATIONS.has(sentence[at - 1] ?? '')
}

function makesProposal(bases: readonly string[], at: number): boolean {
  return bases.slice(at + 1, at + 5).some((base) => PROPOSAL_NOUNS.has(base))
}

/** `applies` is apply, `deletes` is delete. Other forms are other words: `applied` tells of the past. */
function baseOf(word: string): string {
  const bases = [word, word.replace(/ies$/, 'y'), word.replace(/es$/, ''), word.replace(/s$/, '')]
  return bases.find((base) => isVerb(base) || PROPOSAL_NOUNS.has(base)) ?? word
}
