import type { Capability } from './capability.js'

/** Says in one or two sentences what a capability does, on which object, within which limits. For models and people. */
export function describeCapability(capability: Omit<Capability, 'description'>): string {
  const { target, visible_columns, change } = capability
  if (change === undefined) {
    const subject = capability.lookup === undefined ? `up to ${capability.max_rows} rows` : 'one row'
    return `Reads ${subject} of ${target.type}: ${visible_columns.join(', ')}. Changes nothing.`
  }
  const limits = [...change.bounds].map(
    ([column, { minimum, maximum }]) => `${column} from ${minimum ?? 'any'} to ${maximum ?? 'any'}`,
  )
  const within = limits.length === 0 ? '' : ` Limits: ${limits.join('; ')}.`
  return `Proposes a change of ${[...change.patch.keys()].join(', ')} on one row of ${target.type}.${within} Writes nothing: a person decides on the proposal.`
}
