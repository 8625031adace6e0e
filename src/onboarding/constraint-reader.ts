/**
 * Reads what a check says of single columns. What is not understood is taken to say nothing, so that a bound is never
 * narrower than the check: a part of an AND that is not understood is left out, an OR with one says nothing at all.
 */
import type { SurveyedColumn } from '../drivers/survey.js'
import { type AllowedColumns, both, either } from './allowed.js'
import { type Part, partsOf } from './constraint-parts.js'
import { tokensOf } from './constraint-tokens.js'
import { readRule } from './read-rule.js'

const NOTHING: AllowedColumns = new Map()

/** Words and signs beside which AND and OR may part something else than they seem to. */
const TWISTED: ReadonlySet<string> = new Set(['case', 'when', 'xor', '||', '&&', 'select', 'over', 'filter'])

/** The columns of a table as a check names them. */
export interface CheckedColumns {
  find(part: Part): SurveyedColumn | undefined
}

/** What an expression says, `CHECK` in front of it or not. */
export function readCheck(expression: string, columns: CheckedColumns): AllowedColumns {
  const tokens = tokensOf(expression)
  const parts = tokens.some(({ type }) => type === 'unknown') ? undefined : partsOf(tokens)
  if (parts === undefined) return NOTHING
  return readParts(isWord(parts[0], 'check') ? parts.slice(1) : parts, columns)
}

function readParts(parts: readonly Part[], columns: CheckedColumns): AllowedColumns {
  if (parts.some((part) => isTwisted(part))) return NOTHING
  const [only] = parts
  if (parts.length === 1 && only?.type === 'group') return readParts(only.parts, columns)
  const branches = split(parts, 'or')
  if (branches.length > 1) return branches.map((each) => readParts(each, columns)).reduce(either)
  const conditions = split(parts, 'and')
  if (conditions.length > 1) return conditions.map((each) => readParts(each, columns)).reduce(both)
  return readRule(parts, columns)
}

function isTwisted(part: Part): boolean {
  return (part.type === 'word' || part.type === 'sign') && TWISTED.has(part.text.toLowerCase())
}

/** At this level only; the first AND behind a BETWEEN belongs to it. */
function split(parts: readonly Part[], word: 'and' | 'or'): readonly (readonly Part[])[] {
  const pieces: Part[][] = [[]]
  let isBetween = false
  for (const part of parts) {
    const parting = isWord(part, word) && !(word === 'and' && isBetween)
    if (isWord(part, 'between')) isBetween = true
    else if (isWord(part, 'and')) isBetween = false
    if (parting) pieces.push([])
    else pieces.at(-1)?.push(part)
  }
  return pieces
}

function isWord(part: Part | undefined, word: string): boolean {
  return part?.type === 'word' && part.text.toLowerCase() === word
}
