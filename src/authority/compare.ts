import { decidingConfig } from '../contract/digest.js'
import { parseConfig } from '../contract/parse.js'
import { toPointer } from '../contract/problems.js'
import type { Config, ParsedConfig } from '../contract/schema.js'
import { isRecord } from '../contract/snapshot.js'
import { ADAPTER_RULES } from './adapter-rules.js'
import { CAPABILITY_RULES } from './capability-rules.js'
import type { AuthorityChange, Rules } from './change.js'
import { CONTEXT_RULES, DEFAULT_CONTEXT_RULES } from './context-rules.js'
import { type Found, findDifferences } from './differences.js'
import { members, ranked } from './judges.js'
import { LIMIT_RULES } from './limit-rules.js'
import { APPROVALS_RULES, OPERATOR_RULES } from './people-rules.js'
import { findRenames, renamed } from './renames.js'
import { EXECUTOR_RULES, SOURCE_RULES } from './source-rules.js'
import { WORKFLOW_RULES } from './workflow-rules.js'

const CONTRACT_RULES: Rules = {
  keys: {
    mode: { judge: ranked('The mode', [['read_only'], ['shadow'], ['review']]) },
    sources: SOURCE_RULES,
    trusted_context: DEFAULT_CONTEXT_RULES,
    contexts: CONTEXT_RULES,
    capabilities: { each: CAPABILITY_RULES },
    executors: EXECUTOR_RULES,
    operators: OPERATOR_RULES,
    approvals: APPROVALS_RULES,
    rate_limits: LIMIT_RULES,
    adapters: ADAPTER_RULES,
    workflows: { each: WORKFLOW_RULES },
    cloud: {
      keys: {
        capabilities: {
          judge: members({
            what: 'What the runner asks for',
            absent: 'none',
            adding: 'grew',
            added: (names) => `The runner asks for ${names}, too.`,
            removed: (names) => `The runner no longer asks for ${names}.`,
          }),
        },
      },
    },
  },
}

const ORDER: Readonly<Record<AuthorityChange['direction'], number>> = { grew: 0, shrank: 1, changed: 2 }

/**
 * Says in words what two contracts differ in: whether an agent, or whoever decides, may do more or less. What grew stands
 * first.
 *
 * Complete over what {@link configDigest} covers: empty exactly where the digests are equal. Descriptions of
 * capabilities, examples, the place of the ledger and the order of keys make no difference, nor does a default that is
 * spelled out. What cannot be judged is `changed`, never left out.
 *
 * @throws RunnerError `CONFIG_INVALID` where one of the two is not valid.
 *
 * @example
 * ```ts
 * import { compareAuthority, loadConfig } from '@synapsor/runner'
 *
 * const changes = compareAuthority(loadConfig('reviewed.json'), loadConfig('synapsor.runner.json'))
 * if (changes.some(({ direction }) => direction === 'grew')) throw new Error('Somebody should look at this.')
 * ```
 */
export function compareAuthority(old: Config, next: Config): readonly AuthorityChange[] {
  const [before, after] = [parseConfig(old), parseConfig(next)]
  const renames = findRenames(before, after)
  const scene = { old: renamed(before, renames), new: after, path: [] }
  const found = findDifferences(viewOf(scene.old), viewOf(after), CONTRACT_RULES, scene)
  const changes = [
    ...[...renames].map(([from, to]) => renaming(from, to, after)),
    ...found.map((each) => toChange(each, scene)),
    ...reordering(scene),
  ]
  return distinct(changes).sort((one, other) => ORDER[one.direction] - ORDER[other.direction])
}

interface Both {
  readonly old: ParsedConfig
  readonly new: ParsedConfig
}

/** With names in place of indexes, so that a capability that moved is still the same. */
function viewOf(config: ParsedConfig) {
  const { capabilities, workflows, ...rest } = decidingConfig(config)
  return { ...rest, capabilities: byName(capabilities), workflows: byName(workflows) }
}

function byName<Part extends { readonly name: string }>(parts: readonly Part[]): Record<string, Part> {
  return Object.fromEntries(parts.map((part) => [part.name, part]))
}

function renaming(from: string, to: string, after: ParsedConfig): AuthorityChange {
  return {
    direction: 'changed',
    subject: `capability:${to}`,
    path: toPointer(['capabilities', indexOf(after.capabilities, to), 'name']),
    message: `It was called ${from}; what it may do is the same.`,
  }
}

function toChange({ direction, message, path }: Found, both: Both): AuthorityChange {
  return { direction, subject: subjectOf(path), path: pointerOf(path, both), message: inPart(message, path) }
}

const SUBJECTS: Readonly<Record<string, string>> = {
  sources: 'source',
  contexts: 'context',
  capabilities: 'capability',
  executors: 'executor',
  adapters: 'adapter',
  workflows: 'workflow',
}

const WHOLE_SUBJECTS: Readonly<Record<string, string>> = {
  trusted_context: 'context:trusted_context',
  rate_limits: 'limits',
  operators: 'operators',
  approvals: 'approvals',
  mode: 'mode',
  cloud: 'cloud',
}

function subjectOf([part = '', name]: readonly string[]): string {
  const kind = SUBJECTS[part]
  if (kind !== undefined && name !== undefined) return `${kind}:${name}`
  return WHOLE_SUBJECTS[part] ?? 'contract'
}

/** In the new contract where there is such a place, else in the old one. */
function pointerOf(path: readonly string[], { old, new: next }: Both): string {
  const [there, before] = [placeIn(next, path), placeIn(old, path)]
  const isOnlyBefore = valueAt(next, there) === undefined && valueAt(old, before) !== undefined
  return toPointer(isOnlyBefore ? before : there)
}

function placeIn(config: ParsedConfig, path: readonly string[]): readonly (string | number)[] {
  const [part = '', name = '', ...rest] = path
  if ((part !== 'capabilities' && part !== 'workflows') || path.length < 2) return path
  return [part, indexOf(config[part], name), ...rest]
}

function indexOf(parts: readonly { readonly name: string }[], name: string): number {
  return parts.findIndex((part) => part.name === name)
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((at, key) => {
    if (Array.isArray(at)) return at[Number(key)]
    return isRecord(at) && Object.hasOwn(at, key) ? at[key] : undefined
  }, value)
}

function reordering({ old, new: next }: Both): readonly AuthorityChange[] {
  return (['capabilities', 'workflows'] as const).flatMap((part) => {
    const names = [old, next].map((config) => config[part].map(({ name }) => name))
    const [from = [], to = []] = names
    if (from.length !== to.length || from.every((name, place) => name === to[place])) return []
    if (!from.every((name) => to.includes(name))) return []
    return [
      { direction: 'changed', subject: 'contract', path: `/${part}`, message: `The order of ${part} is another one.` },
    ]
  })
}

function distinct(changes: readonly AuthorityChange[]): AuthorityChange[] {
  return [...new Map(changes.map((each) => [JSON.stringify(each), each])).values()]
}

/** A sentence that says which part of its subject it is about. */
function inPart(message: string, path: readonly string[]): string {
  const part = partOf(path)
  return part === undefined ? message : `${part}: ${message}`
}

/** Arguments, limited columns and people have names of their own within their subject. */
function partOf([part, name, section = '', key, ...rest]: readonly string[]): string | undefined {
  if (part === 'operators') return section === '' ? undefined : `Operator ${name}`
  if (key === undefined || rest.length === 0) return undefined
  if (section === 'args' || section === 'input') return `Argument ${key}`
  return section === 'numeric_bounds' || section === 'transition_guards' ? `Column ${key}` : undefined
}
