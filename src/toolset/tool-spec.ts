/** What a contract exposes as tools, worked out once and the same for every tenant. */
import type { ArgumentRule } from '../capability/arguments.js'
import type { Capability } from '../capability/capability.js'
import type { Contract } from '../capability/compile.js'
import { deepFreeze } from '../contract/freeze.js'
import type { AdapterName, CapabilityName, WorkflowName } from '../contract/infer.js'
import type { AdapterConfig, Config } from '../contract/schema.js'
import { toOtherWireName, toWireName } from '../contract/wire-name.js'
import { RunnerError } from '../errors.js'
import type { Link } from '../operations/ports.js'
import { type Workflow, workflowsOf } from '../workflow/workflow.js'
import { inputSchema, type ObjectSchema } from './json-schema.js'
import { type InlineEvidence, isLevel, strictest } from './model-view.js'
import { outputSchema, PROPOSAL_OUTPUT, RUN_OUTPUT } from './output-schema.js'
import { describeWorkflow, workflowInput } from './workflow-spec.js'

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
  /** Canonical names of the capabilities and workflows to expose, under all their names. Default: all that the mode allows. */
  readonly only?: readonly Name[]
  /** How much of an answer a model sees; the host always has the whole. Default `full`. */
  readonly inline_evidence?: InlineEvidence
  /** Whether single capabilities are shown, whole workflows, or both, which is the default. */
  readonly mode?: 'capabilities' | 'workflows' | 'both'
  /** Adds a tool that tells how a proposal of the session's own stands. Default false. */
  readonly status_tool?: boolean
  /** Run and step that a call belongs to, from the trusted context of the framework's run. */
  readonly link?: (hostContext: Host) => Link | undefined
}

/** {@link ToolOptions} with the names of a contract. */
export type ToolOptionsOf<C extends Config, Host = unknown> = ToolOptions<
  Host,
  CapabilityName<C> | WorkflowName<C>,
  AdapterName<C>
>

/** A tool without a session. */
export interface ToolSpec {
  /** The name of the tool; `capability` is canonical. */
  readonly name: string
  /** `[A-Za-z0-9_]`, at most 64 characters. */
  readonly wire_name: string
  readonly title: string
  readonly description: string
  readonly kind: 'read' | 'proposal' | 'workflow' | 'status'
  /** The capability or workflow that is called; `undefined` for the status of a proposal. */
  readonly capability: string | undefined
  readonly input_schema: ObjectSchema
  readonly output_schema: ObjectSchema
  readonly annotations: ToolAnnotations
  readonly inline_evidence: InlineEvidence
}

/** What is asked of sessions and answers. Beside the tools, never in them: whoever gets a tool may show all of it. */
export type Demands = Pick<AdapterConfig, 'roles' | 'tenants'> & {
  readonly require_evidence: boolean
  /** The capabilities and workflows whose records are told of. Left out: all, also those that the contract has no more. */
  readonly names?: readonly string[]
  /** The measure of those records: the strictest of all tools. */
  readonly inline_evidence: InlineEvidence
}

/** The tools of a contract by some options, and what is asked of whoever calls them. */
export interface BoundSpecs {
  readonly specs: readonly ToolSpec[]
  readonly demands: Demands
}

const known = new WeakMap<Contract, Map<string, BoundSpecs>>()

/**
 * The tools of a contract, in its order.
 *
 * @throws RunnerError `CAPABILITY_NOT_FOUND` for a name in `only` that is not exposed, or an `adapter` that the contract
 * lacks, `INVALID_ARGUMENT` for an option that is none.
 */
export function bindSpecs(contract: Contract, options: ToolOptions<never> = {}): BoundSpecs {
  assertOptions(options)
  const { adapter, only, inline_evidence, mode, status_tool } = options
  const key = JSON.stringify([adapter, only, inline_evidence, mode, status_tool].map((option) => option ?? null))
  const specs = known.get(contract) ?? new Map<string, BoundSpecs>()
  known.set(contract, specs)
  const earlier = specs.get(key)
  if (earlier !== undefined) return earlier
  // All tenants share them.
  const made = deepFreeze(makeSpecs(contract, options))
  specs.set(key, made)
  return made
}

const OPTIONS: ReadonlySet<string> = new Set(['adapter', 'only', 'inline_evidence', 'mode', 'status_tool', 'link'])
const MODES: readonly unknown[] = ['capabilities', 'workflows', 'both']

/** A misspelled option must not show more than was asked for; nor must the name of an adapter that turned out missing. */
function assertOptions(options: ToolOptions<never>): void {
  const { adapter, only, inline_evidence, mode, status_tool, link } = options
  const unknown = Object.keys(options).find((name) => !OPTIONS.has(name))
  const wrong =
    unknown ??
    (Object.hasOwn(options, 'adapter') && typeof adapter !== 'string' ? 'adapter' : undefined) ??
    (only !== undefined && !Array.isArray(only) ? 'only' : undefined) ??
    (inline_evidence !== undefined && !isLevel(inline_evidence) ? 'inline_evidence' : undefined) ??
    (mode !== undefined && !MODES.includes(mode) ? 'mode' : undefined) ??
    (status_tool !== undefined && typeof status_tool !== 'boolean' ? 'status_tool' : undefined) ??
    (link !== undefined && typeof link !== 'function' ? 'link' : undefined)
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

/** A capability or a workflow as it is shown. */
interface Exposure {
  /** Its canonical name. */
  readonly target: string
  readonly name: string
  readonly inline_evidence: InlineEvidence | undefined
  readonly spec: (naming: Naming) => ToolSpec
}

function makeSpecs(contract: Contract, options: ToolOptions<never>): BoundSpecs {
  const { only, mode = 'both', status_tool = false } = options
  const adapter = options.adapter === undefined ? undefined : findAdapter(contract, options.adapter)
  const all = exposures(contract, adapter, mode)
  const exposed = only === undefined ? all : [...new Set(only)].flatMap((name) => findExposures(all, name))
  const levels = [adapter?.inline_evidence, options.inline_evidence]
  const demands: Demands = {
    require_evidence: adapter?.require_evidence ?? false,
    // Also of what the mode of the contract lets nobody call: its records are still there.
    inline_evidence: strictest([...levels, ...(adapter?.expose ?? []).map((exposure) => exposure.inline_evidence)]),
    ...(adapter?.roles === undefined ? {} : { roles: adapter.roles }),
    ...(adapter?.tenants === undefined ? {} : { tenants: adapter.tenants }),
    ...namesShown(contract, adapter, options),
  }
  const taken = new Set<string>()
  const specs = exposed.map(({ spec, name, inline_evidence }) =>
    spec({ name, wire_name: nameFor(name, taken), inline_evidence: strictest([...levels, inline_evidence]) }),
  )
  if (!status_tool) return { specs, demands }
  const { inline_evidence } = demands
  const status = statusSpec({ name: STATUS_TOOL, wire_name: nameFor(STATUS_TOOL, taken), inline_evidence })
  return { specs: [...specs, status], demands }
}

/** What was narrowed is narrow for records, too; a mode of the contract takes no record away. */
function namesShown(
  contract: Contract,
  adapter: AdapterConfig | undefined,
  { only, mode = 'both' }: ToolOptions<never>,
) {
  if (adapter?.expose === undefined && only === undefined && mode === 'both') return {}
  const listed = listedIn(contract, adapter, mode).map(({ capability, workflow }) => capability ?? workflow ?? '')
  return { names: only === undefined ? listed : listed.filter((name) => only.includes(name)) }
}

function findAdapter({ config }: Contract, name: string): AdapterConfig {
  const adapter = Object.hasOwn(config.adapters, name) ? config.adapters[name] : undefined
  if (adapter !== undefined) return adapter
  throw new RunnerError('CAPABILITY_NOT_FOUND', 'The contract has no adapter of this name.', {
    details: { adapter: String(name).slice(0, 128) },
    next: `Its adapters are: ${Object.keys(config.adapters).join(', ') || 'none'}.`,
  })
}

type Listed = NonNullable<AdapterConfig['expose']>[number]

/** What the adapter lists, or all that the contract has, of the kinds that are asked for. */
function listedIn(
  contract: Contract,
  adapter: AdapterConfig | undefined,
  mode: NonNullable<ToolOptions['mode']>,
): readonly Listed[] {
  const all: readonly Listed[] = adapter?.expose ?? [
    ...[...contract.capabilities.keys()].map((capability) => ({ capability })),
    ...[...workflowsOf(contract).keys()].map((workflow) => ({ workflow })),
  ]
  if (mode === 'both') return all
  return all.filter(({ workflow }) => (workflow === undefined) === (mode === 'capabilities'))
}

/** Proposals are not shown where none can be made. */
function exposures(
  contract: Contract,
  adapter: AdapterConfig | undefined,
  mode: NonNullable<ToolOptions['mode']>,
): readonly Exposure[] {
  const { config, capabilities } = contract
  return listedIn(contract, adapter, mode).flatMap((listed): Exposure[] => {
    const { as, inline_evidence } = listed
    const workflow = workflowsOf(contract).get(listed.workflow ?? '')
    if (workflow !== undefined) {
      const spec = (naming: Naming) => workflowSpec(workflow, naming)
      return [{ target: workflow.name, name: as ?? workflow.name, inline_evidence, spec }]
    }
    const capability = capabilities.get(listed.capability ?? '')
    if (capability === undefined || (capability.kind === 'proposal' && config.mode === 'read_only')) return []
    const spec = (naming: Naming) => capabilitySpec(capability, naming)
    return [{ target: capability.name, name: as ?? capability.name, inline_evidence, spec }]
  })
}

/** An adapter may expose a capability under several names: then all of them. */
function findExposures(all: readonly Exposure[], name: string): readonly Exposure[] {
  const found = all.filter(({ target }) => target === name)
  if (found.length > 0) return found
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
type Naming = Pick<ToolSpec, 'name' | 'wire_name' | 'inline_evidence'>

function capabilitySpec(capability: Capability, naming: Naming): ToolSpec {
  const { kind, description } = capability
  const title = titleOf(naming.name)
  return {
    ...naming,
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

function workflowSpec(workflow: Workflow, naming: Naming): ToolSpec {
  const title = titleOf(naming.name)
  return {
    ...naming,
    title,
    description: describeWorkflow(workflow),
    kind: 'workflow',
    capability: workflow.name,
    input_schema: workflowInput(workflow),
    output_schema: RUN_OUTPUT,
    annotations: {
      title,
      readOnlyHint: false,
      destructiveHint: false,
      idempotentHint: true,
      // A function of the app may ask anybody.
      openWorldHint: workflow.steps === undefined,
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

function statusSpec(naming: Naming): ToolSpec {
  const title = titleOf(STATUS_TOOL)
  return {
    ...naming,
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
