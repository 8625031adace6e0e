import { decidingConfig } from '../contract/digest.js'
import type { ParsedConfig } from '../contract/schema.js'
import { shownValue } from './judges.js'

/** New names of capabilities by their old ones: what went and what came do the same. */
export function findRenames(old: ParsedConfig, next: ParsedConfig): ReadonlyMap<string, string> {
  const gone = without(old, next)
  const came = without(next, old)
  const renames = new Map<string, string>()
  for (const [name, rules] of gone) {
    const later = [...came].find(([, each]) => each === rules)?.[0]
    if (later === undefined) continue
    came.delete(later)
    renames.set(name, later)
  }
  return renames
}

/** What each capability that the other contract lacks does, whatever it is called. */
function without(config: ParsedConfig, other: ParsedConfig): Map<string, string> {
  const names = new Set(other.capabilities.map(({ name }) => name))
  const lacking = decidingConfig(config).capabilities.filter(({ name }) => !names.has(name))
  return new Map(lacking.map(({ name, ...rest }) => [name, shownValue(rest)]))
}

/** The old contract under the new names, so that a name alone is not taken for authority. */
export function renamed(config: ParsedConfig, renames: ReadonlyMap<string, string>): ParsedConfig {
  if (renames.size === 0) return config
  const to = (name: string) => renames.get(name) ?? name
  const { rate_limits } = config
  return {
    ...config,
    capabilities: config.capabilities.map((each) => ({ ...each, name: to(each.name) })),
    ...(rate_limits === undefined
      ? {}
      : { rate_limits: { ...rate_limits, capabilities: mapKeys(rate_limits.capabilities, to) } }),
    adapters: Object.fromEntries(
      Object.entries(config.adapters).map(([name, { expose, ...adapter }]) => [
        name,
        expose === undefined ? adapter : { ...adapter, expose: expose.map((each) => withName(each, to)) },
      ]),
    ),
    workflows: config.workflows.map(({ steps, ...workflow }) => ({
      ...workflow,
      allowed_capabilities: workflow.allowed_capabilities.map(to),
      ...(steps === undefined ? {} : { steps: steps.map((each) => withName(each, to)) }),
    })),
  }
}

function mapKeys<Value>(record: Readonly<Record<string, Value>>, to: (name: string) => string): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [to(name), value]))
}

function withName<Part extends { readonly capability?: string }>(part: Part, to: (name: string) => string): Part {
  return part.capability === undefined ? part : { ...part, capability: to(part.capability) }
}
