import { RunnerError } from '../errors.js'
import type { TypedRow } from '../protocol/values.js'
import type { TransitionRule } from './capability.js'

/**
 * Holds that every guarded column moves along an allowed edge, from the state the row is in. Used when proposing and
 * again when applying.
 *
 * @throws RunnerError `TRANSITION_REFUSED`, with the allowed states in `details.allowed` where the state is visible.
 */
export function assertTransitions(rules: ReadonlyMap<string, TransitionRule>, before: TypedRow, after: TypedRow): void {
  for (const [column, rule] of rules) {
    const to = after[column]?.text
    if (to === undefined) continue
    const from = before[rule.from_column]?.text
    const allowed = from === undefined || from === null ? [] : (rule.allowed.get(from) ?? [])
    if (to !== null && allowed.includes(to)) continue
    throw refused(column, rule.is_visible ? allowed : undefined)
  }
}

function refused(column: string, allowed: readonly string[] | undefined): RunnerError {
  const next = allowed?.length === 0 ? 'No change is allowed from the present state.' : undefined
  return new RunnerError('TRANSITION_REFUSED', `The contract does not allow this change of ${column}.`, {
    details: { column, ...(allowed === undefined ? {} : { allowed }) },
    next: next ?? (allowed === undefined ? 'Choose another value.' : `Allowed now: ${allowed.join(', ')}.`),
  })
}
