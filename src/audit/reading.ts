import { RunnerError } from '../errors.js'
import { plain } from './words.js'

/** How much of a description is read at most, and of all of them together, in characters. */
const LONGEST_DESCRIPTION = 20_000
const ALL_DESCRIPTIONS = 1024 * 1024

/** The most that names and choices may hold in all, in characters. */
const ALL_NAMES = 2 * 1024 * 1024

/** How much of one list of tools the rules read, so that its size and not its cunning says how long they take. */
export interface Reading {
  /** The beginning of a description, and whether there is more. Each tool has the same share: none can use up another's. */
  beginningOf(description: string): { readonly text: string; readonly is_cut: boolean }
  /** Counts a name in what it becomes when it is read, or so many characters. Throws where it is too much. */
  count(read: string | number): void
}

/** For so many tools. */
export function createReading(tools: number): Reading {
  const share = Math.min(LONGEST_DESCRIPTION, Math.ceil(ALL_DESCRIPTIONS / Math.max(1, tools)))
  let counted = 0
  return {
    beginningOf: (description) => {
      const text = plain(description.slice(0, share))
      return { text: text.slice(0, share), is_cut: description.length > share || text.length > share }
    },
    count: (read) => {
      if (typeof read === 'string') counted += read.length > ALL_NAMES ? read.length : plain(read).length
      else counted += read
      if (counted > ALL_NAMES) throw tooMuch()
    },
  }
}

function tooMuch(): RunnerError {
  return new RunnerError('RESULT_TOO_LARGE', 'The names and choices of the tools hold more than 2 MiB.', {
    next: 'Split the list of tools and audit its parts.',
  })
}
