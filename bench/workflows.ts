import type { Config, Proposal, Run, Runner, WorkflowFunction } from '../src/index.js'
import { agent, contractOf, INSPECT, invoiceId, PROPOSE, type SourceOfContract } from './contract.js'

/** Read, propose, and wait for the approval. */
export const REVIEW = 'billing.waiver_review'
/** The same as a function. */
export const WRITTEN_REVIEW = 'billing.written_waiver_review'
/** Read, propose, wait for the approval, and write. */
export const WAIVER = 'billing.waiver_flow'

type Workflow = NonNullable<Config['workflows']>[number]
type Step = NonNullable<Workflow['steps']>[number]

const FEES = 10_000

const REVIEW_STEPS: readonly Step[] = [
  { key: 'invoice', capability: INSPECT, args: { invoice_id: { from_input: 'invoice_id' } } },
  {
    key: 'waiver',
    capability: PROPOSE,
    args: {
      invoice_id: { from_input: 'invoice_id' },
      reason: { from_input: 'reason' },
      fee: { from_input: 'fee' },
    },
  },
  { key: 'decision', await: 'approval', of: 'waiver' },
]

const DECIDING: Omit<Workflow, 'name'> = {
  version: '1',
  input: {
    invoice_id: { type: 'string', max_length: 64 },
    reason: { type: 'string', max_length: 200 },
    fee: { type: 'integer' },
  },
  allowed_capabilities: [INSPECT, PROPOSE],
  evidence: 'required',
}

/** The contract of the other figures, with workflows of its two capabilities. */
export function contractWithWorkflows(source: SourceOfContract): Config {
  return {
    ...contractOf(source),
    workflows: [
      { ...DECIDING, name: REVIEW, steps: [...REVIEW_STEPS] },
      { ...DECIDING, name: WRITTEN_REVIEW },
      { ...DECIDING, name: WAIVER, steps: [...REVIEW_STEPS, { key: 'write', apply: 'waiver' }] },
    ],
  }
}

/** What a runner is given for the workflows that are functions. */
export const workflowFunctions: Readonly<Record<string, WorkflowFunction>> = {
  [WRITTEN_REVIEW]: async (flow, { invoice_id, reason, fee }) => {
    await flow.inspect('invoice', INSPECT, { invoice_id })
    const proposal = await flow.propose('waiver', PROPOSE, { invoice_id, reason, fee })
    await flow.awaitDecision('decision', proposal)
  },
}

/** What a run, or the same work done otherwise, is asked for: for every number another invoice. */
export function requestOf(number: number) {
  return { invoice_id: invoiceId(number), reason: 'outage', fee: number % FEES }
}

/** Starts a run on an invoice, and fails unless it has come to its approval. */
export async function start(runner: Runner, workflow: string, number: number): Promise<Run> {
  return expectStatus(await runner.session(agent).workflow(workflow).start(requestOf(number)), 'waiting_approval')
}

/** Resumes a run whose proposal is approved, and fails unless it has come to its end. */
export async function resume(runner: Runner, { run_id }: Run): Promise<Run> {
  return expectStatus(await runner.resume(run_id), 'completed')
}

/** What a run proposes. */
export function proposalOf(runner: Runner, { proposal_id, run_id }: Run): Promise<Proposal> {
  if (proposal_id === null) throw new Error(`${run_id} has proposed nothing.`)
  return runner.proposals.get(proposal_id)
}

function expectStatus(run: Run, status: Run['status']): Run {
  if (run.status !== status) throw new Error(`${run.run_id} is ${run.status} and not ${status}.`)
  return run
}
