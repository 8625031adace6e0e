/** What a contract exposes as tools, worked out once and the same for every tenant. */
import type { ArgumentRule } from '../capability/arguments.js'
import type { Capability } from '../capability/capability.js'
import type { Contract } from '../capability/compile.js'
import { deepFreeze } from '../contract/freeze.js'
import type { AdapterName, CapabilityName } from '../contract/infer.js'
import type { AdapterConfig, Config } from '../contract/schema.js'
import { toOtherWireName, toWireName } from '../contract/wire-name.js'
import { RunnerError } from '../errors.js'
import type { Link } from '../operations/ports.js'
import { inputSchema, type ObjectSchema } from './json-schema.js'
import { type InlineEvidence, isLevel, strictest } from './model-view.js'
import { outputSchema, PROPOSAL_OUTPUT } from './output-schema.js'

/** Hints about a tool, all of them set and true. */
export interface ToolAnnotations {
  readonly title: string
  readonly readOnlyHint: boolean
  readonly destructiveHint: boolean
  readonly idempotentHint: boolean
  readonly openWorldHint: boolean
}

/** Options that every adapter takes. `Host` is what the runs carry. */
export interface ToolOptions<Host = unknown, Name extends string = string, Adapter extends string = string> {
  /** An adapter of the contract: what it exposes, under which names, and for whom. Default: all that the mode allows. */
  readonly adapter?: Adapter
  /** Canonical names of the capabilities to expose. Default: all that the mode of the contract allows. */
  readonly only?: readonly Name[]
  /** How much of an answer a model sees; the host always has the whole. Default `full`. */
  readonly inline_evidence?: InlineEvidence
  /** Adds a tool that tells how a proposal of the session's own stands. Default false. */
  readonly status_tool?: boolean
  /** Run and step that a call belongs to, from the trusted context of the framework's run. */
  readonly link?: (hostContext: Host) => Link | undefined
}

/** {@link ToolOptions} with the names of a contract. */
export type ToolOptionsOf<C extends Config, Host = unknown> = ToolOptions<Host, CapabilityName<C>, AdapterName<C>>

/** A tool without a session. */
export interface ToolSpec {
  /** The canonical name. */
  readonly name: string
  /** `[A-Za-z0-9_]`, at most 64 characters. */
  readonly wire_name: string
  readonly title: string
  readonly description: string
  readonly kind: 'read' | 'proposal' | 'status'
  /** The capability that is called; `undefined` for the status of a proposal. */
  readonly capability: string | undefined
  readonly input_schema: ObjectSchema
  readonly output_schema: ObjectSchema
  readonly annotations: ToolAnnotations
  readonly inline_evidence: InlineEvidence
  /** What the adapter of the contract asks of a session and of an answer. */
  readonly demands: Demands
}

/** What an adapter of the contract asks for. Empty where there is none. */
export type Demands = Pick<AdapterConfig, 'roles' | 'tenants'> & {
  readonly require_evidence: boolean
  /** The capabilities whose proposals the status tool tells of. Left out: all. */
  readonly proposals_of?: readonly string[]
}

const known = new WeakMap<Contract, Map<string, readonly ToolSpec[]>>()

/**
 * The tools of a contract, in its order.
 *
 * @throws RunnerError `CAPABILITY_NOT_FOUND` for a name in `only` that is not exposed, or an `adapter` that the contract
 * lacks.
 */
export function toolSpecs(contract: Contract, options: ToolOptions<never> = {}): readonly ToolSpec[] {
  assertOptions(options)
  const { adapter, only, inline_evidence, status_tool } = options
  const key = JSON.stringify([adapter ?? null, only ?? null, inline_evidence ?? null, status_tool ?? false])
  const specs = known.get(contract) ?? new Map<string, readonly ToolSpec[]>()
  known.set(contract, specs)
  const earlier = specs.get(key)
  if (earlier !== undefined) return earlier
  // All tenants share them.
  const made = deepFreeze(makeSpecs(contract, options))
  specs.set(key, made)
  return made
}

/** Measure and demands under which records are looked up: those of the tool that tells how a proposal stands. */
export function lookupSpec(contract: Contract, options: ToolOptions<never> = {}): ToolSpec {
  const [spec] = toolSpecs(contract, { ...options, only: [], status_tool: true })
  if (spec === undefined) throw new RunnerError('INTERNAL', 'There is no tool for the status of a proposal.')
  return spec
}

const OPTIONS: ReadonlySet<string> = new Set(['adapter', 'only', 'inline_evidence', 'status_tool', 'link'])

/** A misspelled option must not show more than was asked for; nor must the name of an adapter that turned out missing. */
function assertOptions(options: ToolOptions<never>): void {
  const { adapter, only, inline_evidence } = options
  const unknown = Object.keys(options).find((name) => !OPTIONS.has(name))
  const wrong =
    unknown ??
    (Object.hasOwn(options, 'adapter') && typeof adapter !== 'string' ? 'adapter' : undefined) ??
    (only !== undefined && !Array.isArray(only) ? 'only' : undefined) ??
    (inline_evidence !== undefined && !isLevel(inline_evidence) ? 'inline_evidence' : undefined)
  if (wrong === undefined) return
  throw new RunnerError(
    'INVALID_ARGUMENT',
    `The option ${wrong.slice(0, 64)} of the tools is not one of theirs, or not fit.`,
    {
      details: { argument: wrong.slice(0, 64) },
      next: `Give ${[...OPTIONS].join(', ')}, each as the documentation has it, or leave them out.`,
    },
  )
}

/** One capability as it is shown. */
interface Exposure {
  readonly capability: Capability
  readonly name: string
  readonly inline_evidence: InlineEvidence | undefined
}

function makeSpecs(contract: Contract, options: ToolOptions<never>): ToolSpec[] {
  const { only, status_tool = false } = options
  const adapter = options.adapter === undefined ? undefined : findAdapter(contract, options.adapter)
  const demands: Demands = {
    require_evidence: adapter?.require_evidence ?? false,
    ...(adapter?.roles === undefined ? {} : { roles: adapter.roles }),
    ...(adapter?.tenants === undefined ? {} : { tenants: adapter.tenants }),
    ...(adapter?.expose === undefined ? {} : { proposals_of: adapter.expose.map(({ capability }) => capability) }),
  }
  const all = exposures(contract, adapter)
  const exposed = only === undefined ? all : [...new Set(only)].map((name) => findExposure(all, name))
  const taken = new Set<string>()
  const specs = exposed.map(({ capability, name, inline_evidence }) =>
    capabilitySpec(capability, {
      name,
      wire_name: nameFor(name, taken),
      inline_evidence: strictest([adapter?.inline_evidence, inline_evidence, options.inline_evidence]),
      demands,
    }),
  )
  if (!status_tool) return specs
  // It tells of proposals of any of them, so the strictest measure of all counts.
  const levels = all.map((exposure) => exposure.inline_evidence)
  const inline_evidence = strictest([adapter?.inline_evidence, options.inline_evidence, ...levels])
  return [...specs, statusSpec({ name: STATUS_TOOL, wire_name: nameFor(STATUS_TOOL, taken), inline_evidence, demands })]
}

function findAdapter({ config }: Contract, name: string): AdapterConfig {
  const adapter = Object.hasOwn(config.adapters, name) ? config.adapters[name] : undefined
  if (adapter !== undefined) return adapter
  throw new RunnerError('CAPABILITY_NOT_FOUND', 'The contract has no adapter of this name.', {
    details: { adapter: String(name).slice(0, 128) },
    next: `Its adapters are: ${Object.keys(config.adapters).join(', ') || 'none'}.`,
  })
}

/** Proposals are not shown where none can be made. */
function exposures({ config, capabilities }: Contract, adapter: AdapterConfig | undefined): readonly Exposure[] {
  const shown = adapter?.expose ?? [...capabilities.keys()].map((capability) => ({ capability }))
  return shown.flatMap((exposure) => {
    const capability = capabilities.get(exposure.capability)
    if (capability === undefined || (capability.kind === 'proposal' && config.mode === 'read_only')) return []
    const name = 'as' in exposure ? exposure.as : undefined
    const inline_evidence = 'inline_evidence' in exposure ? exposure.inline_evidence : undefined
    return [{ capability, name: name ?? capability.name, inline_evidence }]
  })
}

function findExposure(all: readonly Exposure[], name: string): Exposure {
  const found = all.find(({ capability }) => capability.name === name)
  if (found !== undefined) return found
  throw new RunnerError('CAPABILITY_NOT_FOUND', 'A name in `only` is no capability that is exposed.', {
    details: { name: String(name).slice(0, 128) },
  })
}

function nameFor(name: string, taken: Set<string>): string {
  const plain = toWireName(name)
  const wire = taken.has(plain) ? toOtherWireName(name) : plain
  taken.add(wire)
  return wire
}

/** What does not follow from the capability alone. */
type Shown = Pick<ToolSpec, 'name' | 'wire_name' | 'inline_evidence' | 'demands'>

function capabilitySpec(capability: Capability, shown: Shown): ToolSpec {
  const { kind, description } = capability
  const title = titleOf(shown.name)
  return {
    ...shown,
    title,
    description,
    kind,
    capability: capability.name,
    input_schema: inputSchema(capability),
    output_schema: outputSchema(capability),
    annotations: {
      title,
      // A proposal is put on record, though nothing in the source changes.
      readOnlyHint: kind === 'read',
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: false,
    },
  }
}

/** What the tool takes that tells how a proposal stands. */
export const STATUS_ARGUMENTS: ReadonlyMap<string, ArgumentRule> = new Map([
  [
    'proposal_id',
    {
      type: 'string',
      required: true,
      description: 'Id of a proposal that you made.',
      max_length: 200,
      minimum: undefined,
      maximum: undefined,
      enum: undefined,
      pattern: undefined,
    },
  ],
])

/** The name of the tool that tells how a proposal stands. */
export const STATUS_TOOL = 'synapsor.proposal_status'

function statusSpec(shown: Shown): ToolSpec {
  const title = titleOf(STATUS_TOOL)
  return {
    ...shown,
    title,
    description: 'Tells how a proposal that you made stands: waiting, decided, applied. Changes nothing.',
    kind: 'status',
    capability: undefined,
    input_schema: inputSchema({ args: STATUS_ARGUMENTS }),
    output_schema: PROPOSAL_OUTPUT,
    annotations: { title, readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  }
}

/** `billing.inspect_invoice` is titled "Inspect invoice". */
function titleOf(name: string): string {
  const words = (name.split('.').at(-1) ?? name).replaceAll('_', ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
