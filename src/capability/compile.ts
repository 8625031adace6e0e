import { capabilityDigest } from '../contract/digest.js'
import { executorOf as contractExecutorOf, executorNameOf, findSource, separatesDuties } from '../contract/resolve.js'
import type { ArgumentConfig, CapabilityConfig, ParsedConfig, ProposalCapability } from '../contract/schema.js'
import { toWireName } from '../contract/wire-name.js'
import { RunnerError } from '../errors.js'
import type { ArgumentRule } from './arguments.js'
import type { Capability, ChangeRules } from './capability.js'
import { describeCapability } from './describe.js'

/** A contract made ready to run: every capability by name. */
export interface Contract {
  readonly config: ParsedConfig
  readonly capabilities: ReadonlyMap<string, Capability>
  /** The same by the names that frameworks without dots use: `billing__inspect_invoice`. */
  readonly wire_names: ReadonlyMap<string, Capability>
}

/** Fills in every default and resolves every name, once, so that a call decides nothing about the contract. */
export function compileContract(config: ParsedConfig): Contract {
  const compiled = config.capabilities.map((capability) => compileCapability(config, capability))
  return {
    config,
    capabilities: new Map(compiled.map((capability) => [capability.name, capability])),
    wire_names: new Map(compiled.map((capability) => [toWireName(capability.name), capability])),
  }
}

/** @throws RunnerError `CAPABILITY_NOT_FOUND`; the name is not echoed, since a model may have made it up. */
export function findCapability<Kind extends Capability['kind']>(
  contract: Contract,
  name: unknown,
  kind: Kind,
): Capability {
  const capability = typeof name === 'string' ? contract.capabilities.get(name) : undefined
  if (capability?.kind === kind) return capability
  throw new RunnerError('CAPABILITY_NOT_FOUND', `The contract has no ${kind} capability of this name.`)
}

function compileCapability(config: ParsedConfig, capability: CapabilityConfig): Capability {
  const { target, lookup } = capability
  const engine = engineOf(config, capability)
  const args = new Map(Object.entries(capability.args).map(([name, rule]) => [name, compileArgument(rule)]))
  const compiled = {
    name: capability.name,
    kind: capability.kind,
    digest: capabilityDigest(config, capability.name),
    source: capability.source,
    engine,
    context: capability.context,
    target: {
      type: target.table,
      schema: target.schema ?? DEFAULT_SCHEMA[engine],
      table: target.table,
      primary_key: target.primary_key,
      tenant_key: target.tenant_key,
    },
    args,
    lookup: lookup?.id_from_arg,
    visible_columns: capability.visible_columns,
    untrusted_columns: capability.untrusted_columns ?? [],
    max_rows: capability.max_rows,
    change: capability.kind === 'proposal' ? compileChange(config, capability) : undefined,
  }
  return { ...compiled, description: capability.description ?? describeCapability(compiled) }
}

/** Never the search path, which another role could change. MySQL has the database of the connection. */
const DEFAULT_SCHEMA: Partial<Record<Capability['engine'], string>> = { postgres: 'public' }

/** Fills in what the rules of one argument leave out. */
export function compileArgument(rule: ArgumentConfig): ArgumentRule {
  return {
    type: rule.type,
    required: rule.required,
    description: rule.description,
    max_length: rule.max_length,
    minimum: rule.minimum,
    maximum: rule.maximum,
    enum: rule.enum,
    pattern: rule.pattern === undefined ? undefined : new RegExp(rule.pattern, 'u'),
  }
}

function compileChange(config: ParsedConfig, capability: ProposalCapability): ChangeRules {
  const { approval, conflict_guard: guard } = capability
  return {
    patch: new Map(Object.entries(capability.patch)),
    allowed_columns: capability.allowed_columns,
    bounds: new Map(Object.entries(capability.numeric_bounds ?? {})),
    transitions: new Map(
      Object.entries(capability.transition_guards ?? {}).map(([column, rule]) => [
        column,
        {
          from_column: rule.from_column ?? column,
          is_visible: capability.visible_columns.includes(rule.from_column ?? column),
          allowed: new Map(Object.entries(rule.allowed)),
        },
      ]),
    ),
    guard:
      guard.column === undefined ? { kind: 'row' } : { kind: 'column', column: guard.column, advance: guard.advance },
    approval: {
      mode: approval.mode,
      required_role: approval.required_role ?? null,
      required_approvals: approval.required_approvals,
      separation_of_duties: separatesDuties(config, capability),
    },
    executor: executorOf(config, capability),
    expires_in_seconds: capability.expires_in_seconds,
    on_active_proposal: capability.on_active_proposal,
    risk: capability.risk,
  }
}

/** Named by the capability or by its writeback; otherwise what `writeback.mode` says, and direct SQL by default. */
function executorOf(config: ParsedConfig, capability: ProposalCapability): ChangeRules['executor'] {
  const name = executorNameOf(capability)
  if (name !== undefined) return { type: contractExecutorOf(config, capability).type, name }
  const mode = capability.writeback?.mode ?? 'direct_sql'
  return { type: mode === 'direct_sql' ? 'sql_update' : mode, name: null }
}

function engineOf(config: ParsedConfig, capability: CapabilityConfig): Capability['engine'] {
  const source = findSource(config, capability)
  if (source === undefined) throw new RunnerError('CONFIG_INVALID', `The contract has no source ${capability.source}.`)
  return source.engine
}
