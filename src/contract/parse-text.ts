import { createRequire } from 'node:module'
import type { Node, ParseError, ParseErrorCode } from 'jsonc-parser'
import { once } from '../protocol/once.js'
import { toJsonValue } from './json-value.js'
import { positionsIn } from './positions.js'
import { type ContractProblem, problem } from './problems.js'
import { MAX_DEPTH } from './snapshot.js'

/** Loaded when a text is read: a contract written as an object, and every program that has one, does without. */
const loadParser = once<typeof import('jsonc-parser')>(() => createRequire(import.meta.url)('jsonc-parser'))

const MAX_CHARACTERS = 20_000_000

/** What follows a first fault is often its echo. */
const MOST_FAULTS = 20

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
  readonly root?: Node
  readonly value?: unknown
  readonly problems: readonly ContractProblem[]
}

/** Depth of the brackets, counted without recursion: the parser that follows recurses. */
function isTooDeep(text: string): boolean {
  let depth = 0
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
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

/** Reads JSON text with the place of everything in it. Keys that stand twice and inexact numbers are problems. */
export function readText(given: string): ReadText {
  // Some editors begin a file with a byte order mark. A blank in its stead keeps every place true.
  const text = given.replace(/^\uFEFF/, ' ')
  if (text.length > MAX_CHARACTERS || isTooDeep(text)) {
    return { problems: [problem('TOO_LARGE', [], `Nest at most ${MAX_DEPTH} levels and keep the text below 20 MB.`)] }
  }
  const faults: ParseError[] = []
  const root = loadParser().parseTree(text, faults, { disallowComments: true, allowTrailingComma: false })
  if (root === undefined || faults.length > 0) return { problems: syntaxProblems(faults, text) }
  return { root, ...toJsonValue(root, text) }
}
