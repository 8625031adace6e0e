import type { ArgumentSpec } from '../command.js'
import { flag, text } from '../options.js'

/** What `call` and `propose` take. */
export const CALL_ARGS: readonly ArgumentSpec[] = [
  { name: 'capability', summary: 'Its name, with dots or as models see it.', optional: true },
  { name: 'key=value', summary: 'Its arguments.', optional: true, many: true },
]

export const CALL_OPTIONS = {
  input: text('--input <json>', 'All arguments as JSON: the text itself, @file, or - for stdin.'),
  sample: flag('--sample', 'With the first of the examples that the contract has for it.'),
}
