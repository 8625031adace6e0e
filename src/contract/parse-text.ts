import { createRequire } from 'node:module'
import type { Node, ParseError, ParseErrorCode } from 'jsonc-parser'
import { once } from '../protocol/once.js'
import { toJsonValue } from './json-value.js'
import { readPlainJson } from './plain-json.js'
import { positionsIn } from './positions.js'
import { type ContractProblem, problem } from './problems.js'
import { MAX_DEPTH } from './snapshot.js'
import { withoutStrings } from './without-strings.js'

/** Loaded where there is something to say about a text: it alone knows the places, and most texts are as they should be. */
const loadParser = once<typeof import('jsonc-parser')>(() => createRequire(import.meta.url)('jsonc-parser'))

const MAX_CHARACTERS = 20_000_000

/** What follows a first fault is often its echo. */
const MOST_FAULTS = 20

/** The beginning of a text, in whose stead nothing is known. */
const NOWHERE: Node = { type: 'null', offset: 0, length: 0 }

const SYNTAX: Readonly<Record<string, string>> = {
  InvalidSymbol: 'Quote texts and keys with double quotes.',
  InvalidNumberFormat: 'Correct the number.',
  PropertyNameExpected: 'Put a key in double quotes here, or remove the comma before.',
  ValueExpected: 'Put a value here, or remove the comma before.',
  ColonExpected: 'Put a colon between key and value.',
  CommaExpected: 'Put a comma here.',
  CloseBraceExpected: 'Close the object with }.',
  CloseBracketExpected: 'Close the list with ].',
  EndOfFileExpected: 'Remove what stands after the end of the contract.',
  InvalidCommentToken: 'Remove the comment: JSON has none.',
  UnexpectedEndOfComment: 'Remove the comment: JSON has none.',
  UnexpectedEndOfString: 'Close the text with a double quote.',
  UnexpectedEndOfNumber: 'Finish the number.',
  InvalidUnicode: 'Correct the \\u escape: four hexadecimal digits.',
  InvalidEscapeCharacter: 'Correct the escape after the backslash.',
  InvalidCharacter: 'Escape the control character.',
}

/** A text read as JSON. Without `root` it is none, or is too deep to be a contract. */
export interface ReadText {
  /** The place of everything in it. */
  readonly root?: () => Node
  readonly value?: unknown
  readonly problems: readonly ContractProblem[]
}

/** Depth of the brackets, counted without recursion: the parser that follows recurses. */
function isTooDeep(text: string): boolean {
  let depth = 0
  for (const [token] of withoutStrings(text).matchAll(/[[\]{}]/g)) {
    if (token === '{' || token === '[') depth += 1
    if (token === '}' || token === ']') depth -= 1
    if (depth > MAX_DEPTH) return true
  }
  return false
}

function syntaxMessage(error: ParseErrorCode): string {
  return SYNTAX[loadParser().printParseErrorCode(error)] ?? 'Correct the JSON here.'
}

function syntaxProblems(faults: readonly ParseError[], text: string): ContractProblem[] {
  const positionOf = positionsIn(text)
  return faults.slice(0, MOST_FAULTS).map(({ error, offset }) => ({
    ...problem('INVALID_JSON', loadParser().getLocation(text, offset).path, syntaxMessage(error)),
    ...positionOf(offset),
  }))
}

const tooLarge = (): ReadText => ({
  problems: [problem('TOO_LARGE', [], `Nest at most ${MAX_DEPTH} levels and keep the text below 20 MB.`)],
})

/** Reads JSON text. Keys that stand twice and inexact numbers are problems, each with its place. */
export function readText(given: string): ReadText {
  // Some editors begin a file with a byte order mark. A blank in its stead keeps every place true.
  const text = given.replace(/^\uFEFF/, ' ')
  if (text.length > MAX_CHARACTERS || isTooDeep(text)) return tooLarge()
  const plain = readPlainJson(text)
  if (plain === undefined) return readWithPlaces(text)
  return { root: () => treeOf(text, []) ?? NOWHERE, value: plain.value, problems: [] }
}

function readWithPlaces(text: string): ReadText {
  const faults: ParseError[] = []
  try {
    const root = treeOf(text, faults)
    if (root === undefined || faults.length > 0) return { problems: syntaxProblems(faults, text) }
    return { root: () => root, ...toJsonValue(root, text) }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    // What is no JSON can be deeper than its brackets say, behind comments: the parser gives up there.
    return tooLarge()
  }
}

function treeOf(text: string, faults: ParseError[]): Node | undefined {
  return loadParser().parseTree(text, faults, { disallowComments: true, allowTrailingComma: false })
}
