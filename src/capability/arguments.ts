import { types } from 'node:util'
import { RunnerError } from '../errors.js'
import type { JsonScalar } from '../protocol/values.js'

export interface ArgumentRule {
  readonly type: 'string' | 'number' | 'integer' | 'boolean'
  readonly required: boolean
  readonly description: string | undefined
  readonly max_length: number | undefined
  readonly minimum: number | undefined
  readonly maximum: number | undefined
  readonly enum: readonly JsonScalar[] | undefined
  readonly pattern: RegExp | undefined
}

export type Arguments = Readonly<Record<string, JsonScalar>>

/** What a string argument may hold when the contract says nothing, in characters. */
export const DEFAULT_MAX_LENGTH = 4096

/** Controls except tab, line feed and carriage return, and what reorders or hides text on a reviewer's screen. */
const UNFIT_CHARACTER = /(?![\t\n\r])\p{Cc}|(?![\u200c\u200d])\p{Cf}|[\p{Zl}\p{Zp}]/u

/**
 * Turns what a model sent into arguments that the capability declares: every one known, of its exact type, in
 * canonical form. Runs before any statement is sent.
 *
 * @throws RunnerError `INVALID_ARGUMENT` with the argument's name in `details.argument`.
 */
export function parseArguments(rules: ReadonlyMap<string, ArgumentRule>, input: unknown): Arguments {
  const given = ownValues(input)
  for (const name of given.keys()) {
    if (!rules.has(name))
      throw invalid(name, `is not an argument here; known: ${[...rules.keys()].join(', ') || 'none'}`)
  }
  const parsed = Object.create(null) as Record<string, JsonScalar>
  for (const [name, rule] of rules) {
    const value = given.get(name)
    if (value !== undefined) parsed[name] = parseArgument(name, rule, value)
    else if (rule.required) throw invalid(name, 'is required')
  }
  // Without a prototype: an absent optional argument must not be found as an inherited member.
  return Object.freeze(parsed)
}

/** The input's own plain properties, each read once. Accessors, symbols, proxies and foreign prototypes are refused. */
function ownValues(input: unknown): ReadonlyMap<string, unknown> {
  // A proxy is asked nothing at all: each question would run code of the caller.
  if (typeof input !== 'object' || input === null || types.isProxy(input) || Array.isArray(input)) throw notPlain()
  const prototype: unknown = Object.getPrototypeOf(input)
  if (prototype !== Object.prototype && prototype !== null) throw notPlain()
  const values = new Map<string, unknown>()
  for (const key of Reflect.ownKeys(input)) {
    if (typeof key === 'symbol') throw notPlain()
    const property = Object.getOwnPropertyDescriptor(input, key)
    if (property === undefined || !('value' in property)) throw invalid(key, 'must be a plain value')
    if (property.value !== undefined) values.set(key, property.value)
    else if (key === '__proto__') values.set(key, null)
  }
  return values
}

function notPlain(): RunnerError {
  return new RunnerError('INVALID_ARGUMENT', 'The arguments must be one plain object.')
}

function parseArgument(name: string, rule: ArgumentRule, value: unknown): JsonScalar {
  const parsed = rule.type === 'string' ? parseString(name, rule, value) : parseOther(name, rule, value)
  if (rule.enum !== undefined && !rule.enum.includes(parsed)) {
    throw invalid(name, `must be one of ${rule.enum.map((each) => JSON.stringify(each)).join(', ')}`)
  }
  return parsed
}

function parseString(name: string, rule: ArgumentRule, value: unknown): string {
  if (typeof value !== 'string') throw invalid(name, 'must be a string')
  const limit = rule.max_length ?? DEFAULT_MAX_LENGTH
  if (value.length > limit && (value.length > 2 * limit || [...value].length > limit)) {
    throw invalid(name, `must have at most ${limit} characters`)
  }
  if (!isWellFormed(value)) throw invalid(name, 'must be well-formed Unicode text')
  if (UNFIT_CHARACTER.test(value)) throw invalid(name, 'must not hold control or text-direction characters')
  if (rule.pattern !== undefined && !rule.pattern.test(value)) {
    throw invalid(name, `must match ${rule.pattern.source}`)
  }
  return value
}

function parseOther(name: string, rule: ArgumentRule, value: unknown): JsonScalar {
  if (rule.type === 'boolean') {
    if (typeof value !== 'boolean') throw invalid(name, 'must be true or false')
    return value
  }
  if (typeof value !== 'number')
    throw invalid(name, rule.type === 'integer' ? 'must be an integer' : 'must be a number')
  if (!Number.isFinite(value) || Object.is(value, -0)) throw invalid(name, 'must be a finite number, and not -0')
  if (rule.type === 'integer' && !Number.isInteger(value)) throw invalid(name, 'must be an integer')
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) throw invalid(name, 'must be a number that is exact: at most 2^53 - 1')
  if (rule.minimum !== undefined && value < rule.minimum) throw invalid(name, `must be at least ${rule.minimum}`)
  if (rule.maximum !== undefined && value > rule.maximum) throw invalid(name, `must be at most ${rule.maximum}`)
  return value
}

const LONE_SURROGATE = /\p{Surrogate}/u

/** True for text that survives UTF-8 unchanged. */
export function isWellFormed(text: string): boolean {
  return !LONE_SURROGATE.test(text)
}

/** `name` came from a model: it is shown short and escaped. */
export function invalid(name: string, why: string): RunnerError {
  const shown = printable(name)
  return new RunnerError('INVALID_ARGUMENT', `Argument ${shown} ${why}.`, { details: { argument: shown } })
}

function printable(name: string): string {
  const short = name.length > 64 ? `${name.slice(0, 64)}…` : name
  return /^[A-Za-z_][A-Za-z0-9_]*…?$/.test(short) ? short : JSON.stringify(short).replace(/[^\x20-\x7e…]/g, escaped)
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
