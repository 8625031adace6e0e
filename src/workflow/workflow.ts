/** Workflows made ready to run: every default filled in and every name resolved, once for a contract. */
import type { ArgumentRule } from '../capability/arguments.js'
import type { Capability } from '../capability/capability.js'
import { type Contract, compileArgument } from '../capability/compile.js'
import type { StepConfig, WorkflowConfig } from '../contract/schema.js'
import { toWireName } from '../contract/wire-name.js'
import { RunnerError } from '../errors.js'
import type { ApprovalDemand } from '../operations/inspect.js'
import { type Digest, digest } from '../protocol/canonical.js'
import type { RunState } from '../protocol/run-state.js'

export interface Workflow {
  readonly config: WorkflowConfig
  readonly name: string
  /** Of everything that decides what a run does: the workflow and every capability that it may call. */
  readonly digest: Digest
  readonly input: ReadonlyMap<string, ArgumentRule>
  readonly capabilities: ReadonlyMap<string, Capability>
  /** The context of its capabilities, `undefined` for the default one. */
  readonly context: string | undefined
  readonly steps: readonly StepConfig[] | undefined
}

const compiled = new WeakMap<Contract, ReadonlyMap<string, Workflow>>()

/** The workflows of a contract by name. */
export function workflowsOf(contract: Contract): ReadonlyMap<string, Workflow> {
  const earlier = compiled.get(contract)
  if (earlier !== undefined) return earlier
  const made = new Map(contract.config.workflows.map((config) => [config.name, compile(contract, config)]))
  compiled.set(contract, made)
  return made
}

/** @throws RunnerError `CAPABILITY_NOT_FOUND`; the name is not echoed, since a model may have made it up. */
export function findWorkflow(contract: Contract, name: unknown): Workflow {
  const workflow = typeof name === 'string' ? workflowsOf(contract).get(name) : undefined
  if (workflow !== undefined) return workflow
  throw new RunnerError('CAPABILITY_NOT_FOUND', 'The contract has no workflow of this name.')
}

/** The workflow of this canonical or wire name, if there is one. */
export function workflowNamed(contract: Contract, name: unknown): Workflow | undefined {
  if (typeof name !== 'string') return undefined
  const workflows = workflowsOf(contract)
  return workflows.get(name) ?? [...workflows.values()].find((workflow) => toWireName(workflow.name) === name)
}

/** @throws RunnerError `WORKFLOW_NOT_ALLOWED`. */
export function allowedCapability({ capabilities, name }: Workflow, wanted: unknown): Capability {
  const capability = typeof wanted === 'string' ? capabilities.get(wanted) : undefined
  if (capability !== undefined) return capability
  throw new RunnerError('WORKFLOW_NOT_ALLOWED', `The workflow ${name} does not allow this capability.`, {
    details: { workflow: name },
  })
}

/** What the risk of a capability asks of an approval in this workflow. */
export function demandOf({ config }: Workflow, capability: Capability): ApprovalDemand | undefined {
  const risk = capability.change?.risk
  return risk === undefined ? undefined : config.approvals?.find(({ on_risk }) => on_risk === risk)
}

/** @throws RunnerError `EVIDENCE_REQUIRED`. */
export function assertEvidence({ config, name }: Workflow, { frozen, steps }: RunState): void {
  if (config.evidence !== 'required') return
  if (steps.some(({ kind, status }) => kind === 'inspect' && status === 'finished')) return
  throw new RunnerError('EVIDENCE_REQUIRED', `A proposal in ${name} needs a read of the same run before it.`, {
    details: { run_id: frozen.run_id },
  })
}

function compile(contract: Contract, config: WorkflowConfig): Workflow {
  const capabilities = new Map(
    config.allowed_capabilities.flatMap((name) => {
      const capability = contract.capabilities.get(name)
      return capability === undefined ? [] : [[name, capability] as const]
    }),
  )
  const [first] = capabilities.values()
  return {
    config,
    name: config.name,
    digest: workflowDigest(config, capabilities),
    input: rulesOf(config.input),
    capabilities,
    context: first?.context,
    steps: config.steps,
  }
}

/** The rules by which what is given for these inputs is checked. */
export function rulesOf(input: WorkflowConfig['input']): ReadonlyMap<string, ArgumentRule> {
  return new Map(Object.entries(input).map(([name, rule]) => [name, compileArgument(rule)]))
}

/** Texts for the model and how long records are kept decide nothing. */
function workflowDigest(config: WorkflowConfig, capabilities: ReadonlyMap<string, Capability>): Digest {
  const { description: _, retention: __, version: ___, ...deciding } = config
  const digests = [...capabilities.values()].map((capability) => [capability.name, capability.digest])
  return digest('synapsor.workflow.v1', { workflow: deciding, capabilities: Object.fromEntries(digests) })
}
