import type { z } from 'zod'
import { describedAt, knownKeys } from './known-keys.js'
import { type ContractProblem, type Path, problem } from './problems.js'
import { configSchema } from './schema.js'
import { isRecord } from './snapshot.js'
import { didYouMean, shown } from './suggest.js'

type Issue = z.core.$ZodIssue

/** A zod path as ours: JSON knows no symbols. */
export function pathOf(issue: Issue, base: Path = []): Path {
  return [...base, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))]
}

/** The value at `path`, or `undefined`. */
export function valueAt(tree: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => {
    if (Array.isArray(value)) return typeof key === 'number' ? value[key] : undefined
    return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined
  }, tree)
}

function missing(path: Path): ContractProblem {
  const purpose = describedAt(configSchema(), path)
  return problem('MISSING_KEY', path, `Add \`${path.at(-1)}\`${purpose === undefined ? '.' : `: ${purpose}`}`)
}

function list(values: readonly unknown[]): string {
  return values.map((value) => `\`${String(value)}\``).join(', ')
}

function unknownKey(parent: Path, key: string): ContractProblem {
  const known = knownKeys(configSchema(), parent)
  const message = known.includes(key)
    ? `Remove \`${key}\`: it belongs to another kind of this object.`
    : `Remove or correct \`${shown(key)}\`: there is no such key here.${didYouMean(key, known)}`
  return problem('UNKNOWN_KEY', [...parent, key], message)
}

const SIZE_UNITS: Readonly<Record<string, string>> = { string: ' characters', array: ' items', number: '', int: '' }

function size(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig, path: Path): ContractProblem {
  // A sentence of the schema's own says more than a number.
  if (!/^Too (small|big)/.test(issue.message)) return problem('INVALID_VALUE', path, issue.message)
  const limit = issue.code === 'too_small' ? `at least ${issue.minimum}` : `at most ${issue.maximum}`
  return problem('INVALID_VALUE', path, `Give ${limit}${SIZE_UNITS[issue.origin] ?? ''}.`)
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'a text',
}

function union(issue: z.core.$ZodIssueInvalidUnion, path: Path, tree: unknown): ContractProblem[] {
  if (issue.discriminator !== undefined) {
    const options = 'options' in issue && Array.isArray(issue.options) ? issue.options : []
    const absent = valueAt(tree, path) === undefined
    const message = `${absent ? `Add \`${issue.discriminator}\`:` : 'Give'} one of ${list(options)}.`
    return [problem(absent ? 'MISSING_KEY' : 'INVALID_VALUE', path, message)]
  }
  // The form that fits best is the one that was meant.
  const best = [...issue.errors].sort((a, b) => a.length - b.length)[0] ?? []
  if (best.every((inner) => inner.code === 'invalid_type' && inner.path.length === 0)) {
    return [problem('INVALID_TYPE', path, 'Give a text, a number, true, false or null.')]
  }
  return best.flatMap((inner) => fromIssue(inner, tree, path))
}

/** Turns one finding of the schema into problems of ours. `tree` is what was validated. */
export function fromIssue(issue: Issue, tree: unknown, base: Path = []): ContractProblem[] {
  const path = pathOf(issue, base)
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(path, key))
    case 'invalid_union':
      return union(issue, path, tree)
    case 'too_small':
    case 'too_big':
      return [size(issue, path)]
    case 'invalid_key':
      return issue.issues.map((inner) => problem('INVALID_VALUE', path, inner.message))
    case 'invalid_value':
      if (valueAt(tree, path) === undefined) return [missing(path)]
      return [problem('INVALID_VALUE', path, `Give ${issue.values.length > 1 ? 'one of ' : ''}${list(issue.values)}.`)]
    case 'invalid_type':
      if (valueAt(tree, path) === undefined && path.length > 0) return [missing(path)]
      return [problem('INVALID_TYPE', path, `Give ${TYPE_WORDS[issue.expected] ?? 'another type of value'}.`)]
    default:
      return [problem('INVALID_VALUE', path, issue.message)]
  }
}
