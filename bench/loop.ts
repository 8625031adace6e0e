import type { Proposal, Receipt, Runner } from '../src/index.js'
import { agent, invoiceId, lead, PROPOSE } from './contract.js'

const LATE_FEES = 10_000

/** Proposes to change the late fee of an invoice. `turn` makes a second change of the same invoice another one. */
export function propose(runner: Runner, number: number, turn = 0): Promise<Proposal> {
  const fee = (number + turn) % LATE_FEES
  return runner.session(agent).propose(PROPOSE, { invoice_id: invoiceId(number), reason: 'outage', fee })
}

export function approve(runner: Runner, { id, hash }: Proposal): Promise<Proposal> {
  return runner.approve(id, { hash, approver: lead })
}

/** Applies, and fails unless this very call has written the row: a refusal is quicker than a write. */
export async function apply(runner: Runner, { id }: Proposal): Promise<Receipt> {
  const receipt = await runner.apply(id)
  if (receipt.status !== 'applied') throw new Error(`${id} was not applied: ${receipt.status}.`)
  return receipt
}

/** Proposals on the invoices from `first` on, made and approved one after the other. */
export async function approvedProposals(runner: Runner, count: number): Promise<readonly Proposal[]> {
  const proposals: Proposal[] = []
  for (let number = 0; number < count; number++) {
    proposals.push(await approve(runner, await propose(runner, number)))
  }
  return proposals
}
