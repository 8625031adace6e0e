import { DEFAULT_MAX_LENGTH } from '../capability/arguments.js'
import { isOutsideTextColumn, isSecretColumn } from '../contract/column-words.js'
import type { ArgumentConfig, CapabilityConfig } from '../contract/schema.js'
import { finding, type LintFinding } from './lint-codes.js'

type Place = readonly (string | number)[]

/** More rows than a model reads with care, and more than a person looks through as evidence. */
const LARGE_LIST = 200

/** What a capability takes, shows and says of itself. */
export function* lintCapability(capability: CapabilityConfig, path: Place): Iterable<LintFinding> {
  const { args, visible_columns, untrusted_columns = [], max_rows, evidence, description, examples } = capability
  for (const [name, argument] of Object.entries(args)) {
    const isWritten = capability.kind === 'proposal' && isPatched(capability.patch, name)
    yield* lintArgument(argument, isWritten, [...path, 'args', name])
  }
  for (const [index, column] of visible_columns.entries()) {
    const at = [...path, 'visible_columns', index]
    if (isSecretColumn(column))
      yield finding('SECRET_COLUMN_VISIBLE', at, `By its name ${column} holds a secret or a personal number.`)
    if (!isOutsideTextColumn(column) || untrusted_columns.includes(column)) continue
    const message = `By its name ${column} holds what people write, and a model is not told that it is data.`
    yield finding('TEXT_NOT_MARKED', at, message)
  }
  if (max_rows > LARGE_LIST) {
    yield finding('LIST_LARGE', [...path, 'max_rows'], `One call may give ${max_rows} rows.`)
  }
  if (evidence === 'optional') {
    yield finding('EVIDENCE_OPTIONAL', [...path, 'evidence'], 'Evidence is said to be optional.')
  }
  if (description === undefined) {
    yield finding(
      'DESCRIPTION_MISSING',
      [...path, 'description'],
      'A model is told only what can be made of the names.',
    )
  }
  if (examples === undefined && Object.keys(args).length > 0) {
    yield finding('EXAMPLES_MISSING', [...path, 'examples'], 'There is no sample call.')
  }
}

type Patch = Extract<CapabilityConfig, { kind: 'proposal' }>['patch']

function isPatched(patch: Patch, name: string): boolean {
  return Object.values(patch).some((value) => 'from_arg' in value && value.from_arg === name)
}

function* lintArgument(argument: ArgumentConfig, isWritten: boolean, path: Place): Iterable<LintFinding> {
  const { type, max_length, pattern } = argument
  if (type === 'string' && max_length === undefined && argument.enum === undefined && !isWritten) {
    yield finding('TEXT_UNBOUNDED', path, `It may have up to ${DEFAULT_MAX_LENGTH} characters.`)
  }
  if (pattern !== undefined && isLoose(pattern)) {
    yield finding('PATTERN_LOOSE', [...path, 'pattern'], 'The pattern lets through more than it says.')
  }
}

/** Matches somewhere in a text, or whatever stands there. */
function isLoose(pattern: string): boolean {
  const isAnchored = pattern.startsWith('^') && /(?<!\\)(?:\\\\)*\$$/.test(pattern)
  if (!isAnchored) return true
  return pattern.includes('|') ? isOpenAlternative(pattern) : /(?<!\\)\.[*+]/.test(pattern)
}

/** `^a|b$` is anchored at one end of each half alone. */
function isOpenAlternative(pattern: string): boolean {
  let depth = 0
  for (const character of pattern.replace(/\\./g, '__').replace(/\[[^\]]*\]/g, '_')) {
    if (character === '(') depth += 1
    if (character === ')') depth -= 1
    if (character === '|' && depth === 0) return true
  }
  return /(?<!\\)\.[*+]/.test(pattern)
}
