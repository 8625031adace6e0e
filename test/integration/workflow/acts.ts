import { type Flow, isRunnerError, type JsonScalar, type Run, type Runner, type Runtime } from '../../../src/index.js'
import { agent, type Loop, lead } from '../loop/loop.js'
import type { Shop } from '../loop/shop.js'
import { FLOW } from './waiver-flow.js'

export type Args = Readonly<Record<string, JsonScalar>>

/** The input of the usual workflow. */
export function inputOf({ invoice }: Loop, change: Args = {}) {
  return { invoice_id: invoice, reason: 'outage', ...change }
}

/** The verbs of the usual workflow, for the usual agent. */
export function flowOf(runner: Runner, context = agent) {
  return runner.session(context).workflow(FLOW)
}

export async function feeOf(shop: Shop, { invoice }: Loop): Promise<string | undefined> {
  return (await shop.row(invoice))?.late_fee_cents
}

/** Approves what a run has proposed. */
export async function approveRun(runner: Runner, { proposal_id }: Pick<Run, 'proposal_id'>, approver = lead) {
  const { id, hash } = await runner.proposals.get(proposal_id ?? '')
  return runner.approve(id, { hash, approver })
}

/** Moves the row away from under a proposal. */
export function moveRow(shop: Shop, { invoice }: Loop): Promise<void> {
  return shop.run(
    `update invoices set late_fee_cents = 5400, updated_at = '2031-01-01T00:00:00.000000Z' where id = '${invoice}'`,
  )
}

/** Each step as `key kind status`. */
export function told({ steps }: Pick<Run, 'steps'>): readonly string[] {
  return steps.map(({ key, kind, status }) => `${key} ${kind} ${status}`)
}

/** The code that a promise is refused with. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
    return 'fulfilled'
  } catch (error) {
    return isRunnerError(error) ? error.code : String(error)
  }
}

/** A runtime whose workflow is this function. */
export function functionOf(work: (flow: Flow, input: Args) => unknown): Runtime {
  return { workflows: { [FLOW]: work } }
}
