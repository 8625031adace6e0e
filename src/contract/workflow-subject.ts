import { type Draft, type DraftArgument, type DraftCapability, entriesOf, itemsOf } from './draft.js'
import { valueAt } from './issues.js'
import type { Path } from './problems.js'
import { isRecord } from './snapshot.js'

export type DraftWorkflow = NonNullable<NonNullable<Draft['workflows']>[number]>
export type DraftStep = NonNullable<NonNullable<DraftWorkflow['steps']>[number]>

/** One workflow with what the rules need to know about it. */
export interface WorkflowSubject {
  readonly path: Path
  readonly workflow: DraftWorkflow
  readonly config: Draft
  readonly capabilities: ReadonlyMap<string, DraftCapability>
  /** The contract as it was given: a key whose value is faulty is not also missing. */
  readonly tree: unknown
}

/** What a step does. `when` alone records whether its condition holds. */
export type Act = 'capability' | 'await' | 'apply' | 'when'

/** The acts that exclude each other. */
export const ACTS = ['capability', 'await', 'apply'] as const satisfies readonly Act[]

/** One step with what the rules need to know about it. */
export interface StepSubject {
  readonly path: Path
  readonly step: DraftStep
  readonly workflow: WorkflowSubject
  /** `undefined` where the step does not say one thing. */
  readonly act: Act | undefined
  /** The capability that is called, where there is one and it is known. */
  readonly capability: DraftCapability | undefined
  readonly earlier: readonly StepSubject[]
}

type FieldType = DraftArgument['type']

/** What a step gives: fields by name, each with its type where the contract tells it. */
export type Fields = ReadonlyMap<string, FieldType>

/** The keys that the contract gives at `path`, faulty or not. */
export function givenKeys(tree: unknown, path: Path): ReadonlySet<string> {
  const value = valueAt(tree, path)
  return new Set(isRecord(value) ? Object.keys(value) : [])
}

/** The capabilities of a draft by name; the first where two have one. */
export function capabilitiesByName({ capabilities }: Draft): ReadonlyMap<string, DraftCapability> {
  const named = itemsOf(capabilities).flatMap(([, capability]): [string, DraftCapability][] =>
    capability.name === undefined ? [] : [[capability.name, capability]],
  )
  return new Map(named.reverse())
}

/** The workflows of a draft, each with its place. */
export function workflowSubjectsOf(config: Draft, tree: unknown): WorkflowSubject[] {
  const capabilities = capabilitiesByName(config)
  return itemsOf(config.workflows).map(([index, workflow]) => ({
    path: ['workflows', index],
    workflow,
    config,
    capabilities,
    tree,
  }))
}

/** The steps of a workflow, each with those before it. */
export function stepSubjectsOf(workflow: WorkflowSubject): StepSubject[] {
  const steps: StepSubject[] = []
  for (const [index, step] of itemsOf(workflow.workflow.steps)) {
    const path = [...workflow.path, 'steps', index]
    const act = actOf(givenKeys(workflow.tree, path))
    const name = act === 'capability' ? step.capability : undefined
    const capability = name === undefined ? undefined : workflow.capabilities.get(name)
    steps.push({ path, step, workflow, act, capability, earlier: [...steps] })
  }
  return steps
}

function actOf(given: ReadonlySet<string>): Act | undefined {
  const [act, another] = ACTS.filter((key) => given.has(key))
  if (another !== undefined) return undefined
  return act ?? (given.has('when') ? 'when' : undefined)
}

/** Whether a step reads, proposes, or does neither; `undefined` where that cannot be told. */
export function kindOf({ act, capability }: StepSubject): 'read' | 'proposal' | 'neither' | undefined {
  if (act === 'capability') return capability?.kind
  return act === undefined ? undefined : 'neither'
}

/** What a step gives to later ones; `undefined` where that cannot be told. */
export function fieldsOf({ act, step, capability }: StepSubject): Fields | undefined {
  switch (act) {
    case 'capability':
      return capability === undefined ? undefined : fieldsOfCall(capability)
    case 'await':
      return fieldsOfWait(step)
    case 'apply':
      return new Map([
        ['status', 'string'],
        ['receipt_id', 'string'],
      ])
    case 'when':
      return new Map([['holds', 'boolean']])
    default:
      return undefined
  }
}

function fieldsOfCall({ kind, max_rows, visible_columns }: DraftCapability): Fields | undefined {
  if (kind === undefined) return undefined
  if (kind === 'proposal') return PROPOSED
  const count: [string, FieldType] = ['row_count', 'integer']
  if ((max_rows ?? 1) > 1) return new Map([count, ['truncated', 'boolean']])
  if (visible_columns === undefined) return undefined
  return new Map([...itemsOf(visible_columns).map(([, column]): [string, FieldType] => [column, undefined]), count])
}

const PROPOSED: Fields = new Map([
  ['proposal_id', 'string'],
  ['status', 'string'],
])

function fieldsOfWait({ await: waitsFor, input }: DraftStep): Fields | undefined {
  if (waitsFor === undefined) return undefined
  if (waitsFor === 'approval') return PROPOSED
  if (waitsFor === 'information' && input === undefined) return undefined
  return new Map(entriesOf(input).map(([name, { type }]) => [name, type]))
}
