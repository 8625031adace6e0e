import { RunnerError } from '../errors.js'
import { invalid } from './arguments.js'

/** The longest text of arguments that is looked at, in UTF-16 units. */
const MAX_LENGTH = 65_536

/**
 * Parses arguments that came as raw JSON text, where `JSON.parse` alone would hide what a model really sent: a name
 * given twice, or a number that no double can hold.
 *
 * @param nested - The one name that may stand for an object, which is flat itself.
 * @throws RunnerError `INVALID_ARGUMENT`.
 */
export function parseRawArguments(text: string, nested?: string): unknown {
  if (text.length > MAX_LENGTH) throw refused(`are longer than ${MAX_LENGTH} characters`)
  const value = parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refused('must be one JSON object')
  const objects = Object.entries(value).filter(([, each]) => typeof each === 'object' && each !== null)
  for (const [name, each] of objects) {
    if (name !== nested || Array.isArray(each)) throw invalid(name, 'must be a single value')
  }
  if (objects.length === 0) assertPlain(text)
  else for (const flat of unnested(text)) assertPlain(flat)
  return value
}

/** The text of an object with one object in it as two texts of flat ones. */
function unnested(text: string): readonly string[] {
  // Strings are blanked, so that what is a bracket in the rest is one.
  const rest = text.replace(STRING, (string) => '"'.padEnd(string.length, '_'))
  const [start, end] = [rest.indexOf('{', rest.indexOf('{') + 1), rest.indexOf('}')]
  return [`${text.slice(0, start)}null${text.slice(end + 1)}`, text.slice(start, end + 1)]
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw refused('are not valid JSON')
  }
}

const STRING = /"(?:[^"\\]|\\.)*"/g
/** A name with its single value, in a text that is known to be one flat JSON object. */
const MEMBER = /("(?:[^"\\]|\\.)*")\s*:\s*("(?:[^"\\]|\\.)*"|[^\s,}]+)/g

/** Looks at each member as it is written: every name once, every number such as a double keeps it. */
function assertPlain(text: string): void {
  const brackets = text.replace(STRING, '').match(/[[{]/g)?.length
  if (brackets !== 1) throw refused('must be single values')
  const seen = new Set<string>()
  for (const [, quoted = '', literal = ''] of text.matchAll(MEMBER)) {
    const name = String(JSON.parse(quoted))
    if (seen.has(name)) throw invalid(name, 'is given twice')
    seen.add(name)
    if (/^[-\d]/.test(literal) && !isExact(literal, Number(literal))) {
      throw invalid(name, 'is a number that cannot be held exactly; give it as text')
    }
  }
}

/** Longer than any number that a double stands for is written. */
const LONGEST_NUMBER = 40

/** True when the double stands for the literal and nothing else: the same digits, plain or with an exponent. */
function isExact(literal: string, value: number): boolean {
  if (literal.length > LONGEST_NUMBER || !Number.isFinite(value) || Object.is(value, -0)) return false
  return significant(literal) === significant(String(value))
}

/** Sign, digits without leading and trailing zeros, and the power of ten they stand at. */
function significant(number: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(number) ?? []
  const digits = `${whole}${fraction}`.replace(/^0+/, '')
  const trimmed = digits.replace(/0+$/, '')
  const power = Number(exponent) - fraction.length + (digits.length - trimmed.length)
  return trimmed === '' ? '0' : `${sign}${trimmed}e${power}`
}

function refused(why: string): RunnerError {
  return new RunnerError('INVALID_ARGUMENT', `The arguments ${why}.`)
}
