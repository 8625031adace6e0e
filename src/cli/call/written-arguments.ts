import { didYouMean, shown } from '../../contract/suggest.js'
import { usageError } from '../usage-error.js'
import type { Callable } from './callable.js'

/** A number as JSON writes it. It goes on as it is written, so that none is rounded on the way. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/**
 * Turns `key=value` and `key:=json` into the JSON text of a call. A value is what its argument is declared as; one that
 * does not fit stays text, for the capability to refuse in its own words.
 *
 * @throws UsageError for a word that is neither, an argument that there is none of, or JSON that is none.
 */
export function writtenArguments(words: readonly string[], callable: Callable | undefined): string {
  return `{${words.map((word) => member(word, callable)).join(',')}}`
}

function member(word: string, callable: Callable | undefined): string {
  const [, name = '', operator, value = ''] = /^([^=:]+)(:?=)(.*)$/s.exec(word) ?? []
  if (operator === undefined) {
    throw usageError(`${shown(word)} is no argument.`, 'Write key=value, or key:=json.')
  }
  assertKnown(name, callable)
  return `${JSON.stringify(name)}:${operator === ':=' ? json(name, value) : typed(value, callable?.types[name])}`
}

/** Whoever goes on with a run answers with an object. */
const INFORMATION = 'information'

function assertKnown(name: string, callable: Callable | undefined): void {
  if (callable === undefined || Object.hasOwn(callable.types, name)) return
  if (callable.kind === 'workflow' && name === INFORMATION) return
  const known = Object.keys(callable.types)
  const next = didYouMean(name, known).trim() || `Its arguments are: ${known.join(', ') || 'none'}.`
  throw usageError(`${callable.name} has no argument ${shown(name)}.`, next)
}

function typed(value: string, type: string | undefined): string {
  const isOther = type === 'number' || type === 'integer' ? NUMBER.test(value) : value === 'true' || value === 'false'
  const isLiteral = type !== undefined && type !== 'string' && (isOther || value === 'null')
  return isLiteral ? value : JSON.stringify(value)
}

function json(name: string, value: string): string {
  try {
    JSON.parse(value)
    return value
  } catch {
    throw usageError(`What ${shown(name)} is given with := is not JSON.`, 'Write text in double quotes, or use =.')
  }
}
