import { RunnerError } from '../../errors.js'
import type { Runner, ToolDefinition } from '../../index.js'

/**
 * The tools that an adapter of the contract shows, or all that the mode allows. Needs no context: they are the same for
 * every tenant.
 *
 * @throws RunnerError `CAPABILITY_NOT_FOUND` for an adapter that the contract lacks.
 */
export function toolsOf({ sessionsFrom }: Runner, adapter: string | undefined): readonly ToolDefinition[] {
  return sessionsFrom(nobody).tools(adapter === undefined ? {} : { adapter })
}

/** They are looked at, never called. */
function nobody(): never {
  throw new RunnerError('CONTEXT_MISSING', 'These tools are for looking at.')
}
