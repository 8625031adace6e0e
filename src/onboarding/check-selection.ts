import type { ProblemCode } from '../contract/problems.js'
import type { PartialSelection } from './selection.js'
import { type SelectionProblem, selectionProblem } from './selection-problem.js'

/**
 * What holds between the answers. They may have any shape yet: what is wrong in itself has been said, and is left out
 * of the account here.
 */
export function* checkSelection(given: Readonly<Record<string, unknown>>): Iterable<SelectionProblem> {
  yield* checkPlace(given)
  yield* checkTenant(given)
  yield* checkSpellings(given)
  yield* checkProposing(given)
  yield* checkHandler(given)
}

type Given = Readonly<Record<string, unknown>>
type Key = keyof PartialSelection & string

const has = (given: Given, key: Key): boolean => given[key] !== undefined

function missing(key: Key, message: string): SelectionProblem {
  return selectionProblem([key], message, 'MISSING_KEY')
}

const ONLY_ON_SERVERS: readonly Key[] = ['read_url_env', 'database_url_env', 'write_url_env']

function* checkPlace(given: Given): Iterable<SelectionProblem> {
  if (given.engine === 'sqlite') {
    if (!has(given, 'path')) yield missing('path', 'Add `path`: the file of the database.')
    for (const key of ONLY_ON_SERVERS) {
      if (has(given, key)) yield selectionProblem([key], `Remove \`${key}\`: an SQLite file has no URL.`)
    }
    return
  }
  if (!has(given, 'schema')) yield missing('schema', 'Add `schema`: on MySQL the name of the database.')
  if (has(given, 'path')) yield selectionProblem(['path'], 'Remove `path`: only SQLite is a file.')
  const reader = given.read_url_env ?? given.database_url_env
  if (reader !== undefined && reader === given.write_url_env) {
    const message = 'Name another variable: reader and writer are two roles, so that what a model calls cannot write.'
    yield selectionProblem(['write_url_env'], message)
  }
}

function* checkTenant(given: Given): Iterable<SelectionProblem> {
  if (!has(given, 'tenant_key') && given.single_tenant_dev !== true) {
    const message =
      'Add `tenant_key`, the column that holds the tenant, or choose `single_tenant_dev: true` for development.'
    yield selectionProblem(['tenant_key'], message, 'TENANT_KEY_MISSING')
  }
  if (has(given, 'tenant_key') && given.single_tenant_dev === true) {
    yield selectionProblem(['single_tenant_dev'], 'Remove `single_tenant_dev`: there is a tenant column.')
  }
}

const SPELLINGS: readonly (readonly [Key, Key])[] = [
  ['read_url_env', 'database_url_env'],
  ['inspect_tool_name', 'read_tool'],
  ['proposal_tool_name', 'proposal_tool'],
]

function* checkSpellings(given: Given): Iterable<SelectionProblem> {
  for (const [key, other] of SPELLINGS) {
    if (!has(given, key) || !has(given, other) || given[key] === given[other]) continue
    yield selectionProblem([other], `Remove \`${other}\`: \`${key}\` says another.`)
  }
}

/** Whether anything may be proposed at all. */
export function proposes(given: Given): boolean {
  return given.mode !== 'read_only' && (has(given, 'patch') || listOf(given.allowed_columns).length > 0)
}

function* checkProposing(given: Given): Iterable<SelectionProblem> {
  if (!proposes(given)) {
    if (given.mode === 'review' || given.mode === 'shadow') {
      const message =
        'Add `allowed_columns` or `patch`: what may be proposed. Where nothing may, the mode is `read_only`.'
      yield missing('allowed_columns', message)
    }
    return
  }
  if (given.writeback === 'none' && given.mode === 'review') {
    const message =
      'Say who writes, or let `mode` be shadow: what nobody writes would be approved and could never be applied.'
    yield selectionProblem(['writeback'], message, CONTRADICTS)
  }
  if (!has(given, 'conflict_column') && given.weak_guard_ack !== true) {
    const message =
      'Add `conflict_column`, the version column; where the table has none, `weak_guard_ack: true`, and every reviewed column is compared.'
    yield selectionProblem(['conflict_column'], message, 'GUARD_MISSING')
  }
  if (has(given, 'conflict_column') && given.weak_guard_ack === true) {
    yield selectionProblem(['weak_guard_ack'], 'Remove `weak_guard_ack`: there is a version column.')
  }
}

const HANDLER_KEYS: readonly (readonly [Key, readonly unknown[]])[] = [
  ['handler_url_env', ['http_handler']],
  ['handler_token_env', ['http_handler']],
  ['handler_secret_env', ['http_handler']],
  ['handler_command_env', ['command_handler']],
  ['write_url_env', [undefined, 'direct_sql']],
]

function* checkHandler(given: Given): Iterable<SelectionProblem> {
  for (const [key, writebacks] of HANDLER_KEYS) {
    if (!has(given, key) || writebacks.includes(given.writeback)) continue
    const message = `Remove \`${key}\`, or let \`writeback\` be ${writebacks.filter(Boolean).join(' or ')}.`
    yield selectionProblem([key], message, CONTRADICTS)
  }
}

const CONTRADICTS: ProblemCode = 'EXECUTOR_MISMATCH'

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
