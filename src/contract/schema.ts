import * as z from 'zod'
import { once } from '../protocol/once.js'
import type { DeepReadonly } from '../protocol/readonly.js'
import { adapterName, adapterSchema } from './adapter-schema.js'
import { approvalsSchema, operatorSchema } from './approval-schema.js'
import { capabilitySchema } from './capability-schema.js'
import { cloudSchema } from './cloud-schema.js'
import { contextSchema } from './context-schema.js'
import { executorSchema } from './executor-schema.js'
import { filePath, partName, personName } from './names.js'
import { rateLimitsSchema } from './rate-limit-schema.js'
import { sourceSchema } from './source-schema.js'
import { workflowSchema } from './workflow-schema.js'

const storageSchema = once(() =>
  z.strictObject({
    sqlite_path: filePath()
      .default('./.synapsor/local.db')
      .describe('Ledger file, relative to the folder of the contract.'),
  }),
)

/**
 * The contract, whole: type, validator and JSON Schema at once. Built when it is first called.
 *
 * It knows keys and shapes. What holds between keys (names that exist, columns that may be written) is checked by
 * `validateConfig`.
 */
export const configSchema = once(() =>
  z.strictObject({
    $schema: z.string().exactOptional().describe('JSON Schema for editors. Ignored.'),
    version: z.literal(1).describe('Version of the format: 1.'),
    mode: z
      .enum(['read_only', 'shadow', 'review', 'cloud'])
      .describe(
        '`read_only`: no proposals; `shadow`: proposals that can never be approved or applied; `review`: the full loop; `cloud`: catalog and calls come from a control plane.',
      ),
    strict: z.boolean().default(true).describe('False turns unknown keys from errors into warnings.'),
    result_format: z.literal([1, 2]).exactOptional().describe('Accepted and ignored: there is one envelope.'),
    storage: storageSchema().prefault({}).describe('Where the ledger is kept.'),
    sources: z
      .record(partName(), sourceSchema())
      .default({})
      .describe('Databases by name. Needed unless `mode` is cloud.'),
    trusted_context: contextSchema()
      .prefault({ provider: 'session' })
      .describe('Where tenant and principal come from, for every capability that names no context.'),
    contexts: z.record(partName(), contextSchema()).default({}).describe('Further contexts by name.'),
    capabilities: z
      .array(capabilitySchema())
      .max(10_000)
      .default([])
      .describe('What may be done. Needed unless `mode` is cloud.'),
    executors: z.record(partName(), executorSchema()).default({}).describe('Ways to apply a change, by name.'),
    operators: z
      .record(personName(), operatorSchema())
      .exactOptional()
      .describe('Who may decide, by name. With it, roles count only as they stand here.'),
    approvals: approvalsSchema().prefault({}).describe('What holds for the approval of every capability.'),
    rate_limits: rateLimitsSchema()
      .exactOptional()
      .describe('How much one tenant may ask of one capability. Beyond it a call is refused, and reads nothing.'),
    adapters: z
      .record(adapterName(), adapterSchema())
      .default({})
      .describe('What each framework is shown, by a name of your own.'),
    workflows: z
      .array(workflowSchema())
      .max(1000)
      .default([])
      .describe('What may be done in durable runs of several steps.'),
    cloud: cloudSchema().exactOptional().describe('The control plane. Needed in `mode: cloud`.'),
  }),
)

type ConfigSchema = ReturnType<typeof configSchema>

/** A contract as it is written: `defineConfig` and `createRunner` take it. Keys with a default may be left out. */
export type Config = DeepReadonly<z.input<ConfigSchema>>

/**
 * A contract as the runner uses it: validated, every default filled in, frozen. `parseConfig` and `loadConfig` return
 * it, and it is a {@link Config} too. The types of its parts follow.
 */
export type ParsedConfig = DeepReadonly<z.output<ConfigSchema>>

/** `read_only`, `shadow`, `review` or `cloud`. */
export type Mode = ParsedConfig['mode']

/** One database of the contract. */
export type SourceConfig = ParsedConfig['sources'][string]

/** Engines the contract can name. */
export type EngineName = SourceConfig['engine']

/** A source on a database server. */
export type ServerSource = Exclude<SourceConfig, { engine: 'sqlite' }>

/** A source in an SQLite file. */
export type FileSource = Extract<SourceConfig, { engine: 'sqlite' }>

/** Where receipts of a source are kept. */
export type ReceiptsConfig = SourceConfig['receipts']

/** Where tenant and principal come from. */
export type ContextConfig = ParsedConfig['trusted_context']

/** One way to apply an approved change. */
export type ExecutorConfig = ParsedConfig['executors'][string]

/** What one framework is shown. */
export type AdapterConfig = ParsedConfig['adapters'][string]

/** One workflow. */
export type WorkflowConfig = ParsedConfig['workflows'][number]

/** One step of a workflow. */
export type StepConfig = NonNullable<WorkflowConfig['steps']>[number]

/** One capability, of either kind: narrow it by `kind`. */
export type CapabilityConfig = ParsedConfig['capabilities'][number]

/** A capability that reads. */
export type ReadCapability = Extract<CapabilityConfig, { kind: 'read' }>

/** A capability that proposes one change of one row. */
export type ProposalCapability = Extract<CapabilityConfig, { kind: 'proposal' }>

/** Table, key and tenant column of a capability. */
export type TargetConfig = CapabilityConfig['target']

/** One argument of a capability. */
export type ArgumentConfig = CapabilityConfig['args'][string]

/** Where one patched value comes from: `'from_arg' in value` tells the two apart. */
export type PatchValue = ProposalCapability['patch'][string]

/** Inclusive limits of one patched number. */
export type BoundConfig = NonNullable<ProposalCapability['numeric_bounds']>[string]

/** Allowed changes of state of one patched column. */
export type TransitionConfig = NonNullable<ProposalCapability['transition_guards']>[string]

/** How a stale row is noticed: by `column`, or, without it, by comparing every reviewed column. */
export type ConflictGuardConfig = ProposalCapability['conflict_guard']

/** Who must approve a proposal of one capability. */
export type ApprovalConfig = ProposalCapability['approval']

/** One person who may decide. */
export type OperatorConfig = NonNullable<ParsedConfig['operators']>[string]

/** The control plane of `mode: cloud`. */
export type CloudConfig = NonNullable<ParsedConfig['cloud']>
