import type { Runtime, WorkflowFunction } from '../../../src/index.js'
import { type Change, type Loop, openLoop } from '../loop/loop.js'
import type { Shop } from '../loop/shop.js'

export const INSPECT = 'billing.inspect_invoice'
export const PROPOSE = 'billing.propose_late_fee_waiver'
export const FLOW = 'billing.waiver_flow'

/** The steps of the usual workflow: read, propose, decide, apply, read again. */
export const STEPS: readonly Readonly<Record<string, unknown>>[] = [
  { key: 'invoice', capability: INSPECT, args: { invoice_id: { from_input: 'invoice_id' } } },
  {
    key: 'waiver',
    capability: PROPOSE,
    args: { invoice_id: { from_input: 'invoice_id' }, reason: { from_input: 'reason' }, fee: { fixed: 0 } },
  },
  { key: 'decision', await: 'approval', of: 'waiver' },
  { key: 'write', apply: 'waiver' },
  { key: 'check', capability: INSPECT, args: { invoice_id: { from_input: 'invoice_id' } } },
]

/** The same as a function. */
export const written: WorkflowFunction = async (flow, { invoice_id, reason }) => {
  await flow.inspect('invoice', INSPECT, { invoice_id })
  const proposal = await flow.propose('waiver', PROPOSE, { invoice_id, reason, fee: 0 })
  await flow.awaitDecision('decision', proposal)
  await flow.awaitApplied('write', proposal)
  const { data } = await flow.inspect('check', INSPECT, { invoice_id })
  return { fee: (data as { late_fee_cents: number }).late_fee_cents }
}

/** A workflow over the billing contract. */
export function workflowOf(change: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return {
    name: FLOW,
    version: '1',
    input: { invoice_id: { type: 'string', max_length: 64 }, reason: { type: 'string', max_length: 200 } },
    allowed_capabilities: [INSPECT, PROPOSE],
    evidence: 'required',
    steps: STEPS,
    ...change,
  }
}

/** Which form a workflow has. */
export type Form = 'steps' | 'function'

export interface FlowChange extends Change {
  /** Of the workflow. */
  readonly workflow?: Readonly<Record<string, unknown>>
}

/** The billing contract with its workflow, in either form. */
export function flowChange(form: Form, { workflow, ...change }: FlowChange = {}): Change {
  const { steps, ...rest } = workflowOf(workflow)
  const workflows = [form === 'steps' ? { ...rest, steps } : rest]
  return { ...change, config: { workflows, ...change.config } }
}

/** What a process is given besides the contract. */
export function flowRuntime(form: Form, runtime: Runtime = {}): Runtime {
  return form === 'function' ? { workflows: { [FLOW]: written }, ...runtime } : runtime
}

/** A loop whose contract has the workflow, on an invoice of its own. */
export function openFlow(shop: Shop, form: Form, change: FlowChange = {}, runtime: Runtime = {}): Promise<Loop> {
  return openLoop(shop, flowChange(form, change), flowRuntime(form, runtime))
}
