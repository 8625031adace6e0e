import type { ProblemCode } from '../../contract/problems.js'
import type { SelectionProblem } from '../../onboarding/selection-problem.js'
import type { InitOptions } from './read-flags.js'

/** Problems of these codes name nothing but keys between their backticks. */
const OF_KEYS: readonly ProblemCode[] = ['MISSING_KEY', 'TENANT_KEY_MISSING', 'GUARD_MISSING']

/** Where a flag is not called as its key. */
const SPELLED: Readonly<Record<string, string>> = {
  'weak_guard_ack: true': '--weak-guard',
  'single_tenant_dev: true': '--single-tenant-dev',
  read_url_env: '--from-env',
  numeric_bounds: '--numeric-bound',
  transition_guards: '--transition-guard',
}

/** What is missing in words of the flags, where the answers came by flags. */
export function inFlags(problems: readonly SelectionProblem[], { spec }: InitOptions): readonly SelectionProblem[] {
  if (spec !== undefined) return problems
  return problems.map((each) => (OF_KEYS.includes(each.code) ? { ...each, message: named(each.message) } : each))
}

function named(message: string): string {
  return message.replace(/`([a-z_]+(?:: true)?)`/g, (_, key: string) => SPELLED[key] ?? `--${key.replaceAll('_', '-')}`)
}
