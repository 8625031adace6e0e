import { RunnerError } from '../../errors.js'

/** Inside double quotes a backslash means itself, but before these. */
const ESCAPED_IN_QUOTES = '"\\$`'

/**
 * Splits a line into words as a shell does: at blanks, with single and double quotes and backslashes. Nothing else of a shell
 * is done: no variables, no patterns, no pipes.
 *
 * @throws RunnerError `INVALID_ARGUMENT` for a quote that is not closed.
 */
export function splitWords(line: string): readonly string[] {
  const words: string[] = []
  let word: string | undefined
  let quote: string | undefined
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at)
    const next = line.charAt(at + 1)
    if (quote === undefined && /\s/.test(character)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (quote === undefined && (character === '"' || character === "'")) {
      quote = character
      word ??= ''
    } else if (character === quote) {
      quote = undefined
    } else if (character === '\\' && next !== '' && isEscape(quote, next)) {
      word = (word ?? '') + next
      at += 1
    } else {
      word = (word ?? '') + character
    }
  }
  if (quote !== undefined) {
    throw new RunnerError('INVALID_ARGUMENT', 'The command has a quote that is not closed.', {
      next: 'Close the quote, or put a backslash before it.',
    })
  }
  return word === undefined ? words : [...words, word]
}

function isEscape(quote: string | undefined, next: string): boolean {
  if (quote === "'") return false
  return quote === undefined || ESCAPED_IN_QUOTES.includes(next)
}
