import { type JSONVisitor, visit } from 'jsonc-parser'
import { RunnerError } from '../errors.js'
import { invalid } from './arguments.js'

/** The longest text of arguments that is looked at, in UTF-16 units. */
const MAX_LENGTH = 65_536

/**
 * Parses arguments that came as raw JSON text, where `JSON.parse` alone would hide what a model really sent: a name
 * given twice, or a number that no double can hold.
 *
 * @throws RunnerError `INVALID_ARGUMENT`.
 */
export function parseRawArguments(text: string): unknown {
  if (text.length > MAX_LENGTH) throw refused(`are longer than ${MAX_LENGTH} characters`)
  const value = parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refused('must be one JSON object')
  for (const [name, each] of Object.entries(value)) {
    if (typeof each === 'object' && each !== null) throw invalid(name, 'must be a single value')
  }
  visit(text, exactly(text), { disallowComments: true })
  return value
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw refused('are not valid JSON')
  }
}

function exactly(text: string): JSONVisitor {
  const seen = new Set<string>()
  let last = ''
  return {
    onObjectProperty(name) {
      if (seen.has(name)) throw invalid(name, 'is given twice')
      seen.add(name)
      last = name
    },
    onLiteralValue(value, offset, length) {
      if (typeof value !== 'number') return
      const literal = text.slice(offset, offset + length)
      if (!isExact(literal, value)) throw invalid(last, 'is a number that cannot be held exactly; give it as text')
    },
  }
}

/** True when the double stands for the literal and nothing else: the same digits, plain or with an exponent. */
function isExact(literal: string, value: number): boolean {
  if (!Number.isFinite(value) || Object.is(value, -0)) return false
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
