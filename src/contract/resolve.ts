import type {
  CapabilityConfig,
  ContextConfig,
  ExecutorConfig,
  ParsedConfig,
  ProposalCapability,
  SourceConfig,
} from './schema.js'

/** The capability called `name`, or `undefined`. */
export function findCapability(config: ParsedConfig, name: string): CapabilityConfig | undefined {
  return config.capabilities.find((capability) => capability.name === name)
}

/** `record[name]` where validation has made sure that it is there. Own properties only. */
function declared<Part>(record: Readonly<Record<string, Part>>, name: string): Part | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

/** The source of a capability. */
export function findSource(config: ParsedConfig, { source }: CapabilityConfig): SourceConfig | undefined {
  return declared(config.sources, source)
}

/** The context of a capability: the named one, else `trusted_context`. */
export function contextOf(config: ParsedConfig, { context }: CapabilityConfig): ContextConfig {
  return (context === undefined ? undefined : declared(config.contexts, context)) ?? config.trusted_context
}

/** Name of the executor of a proposal, from either place; `undefined` is direct SQL. */
export function executorNameOf({ executor, writeback }: ProposalCapability): string | undefined {
  return executor ?? writeback?.executor
}

/** The executor of a proposal: the named one, else direct SQL. */
export function executorOf(config: ParsedConfig, capability: ProposalCapability): ExecutorConfig {
  const name = executorNameOf(capability)
  return (name === undefined ? undefined : declared(config.executors, name)) ?? { type: 'sql_update' }
}

/** Whether the proposer of this capability may not approve: what it says itself, else what `approvals` says. */
export function separatesDuties(config: ParsedConfig, { approval }: ProposalCapability): boolean {
  return approval.separation_of_duties ?? config.approvals.separation_of_duties
}
