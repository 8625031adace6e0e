/** The four actions that the app performs when people have approved them: each is one call of a service. */
import type { PoolClient } from 'pg'
import * as z from 'zod'
import { type CapabilityFunction, refuse } from '../../../src/handler/index.js'
import { insertCredit, maxCredit } from './credits.js'
import { createRefundReview } from './refunds.js'
import { openTicket } from './tickets.js'
import { extendTrial } from './trials.js'

const refund = z.object({ amount_cents: z.int().positive(), reason: z.string() })
const credit = z.object({ amount_cents: z.int().positive(), note: z.string() })
const ticket = z.object({ subject: z.string(), priority: z.string() })
const extension = z.object({ days: z.int().positive(), reason: z.string() })

// #region actions
export const actions: Record<string, CapabilityFunction<PoolClient>> = {
  'refunds.propose_review': async ({ tenant_id, object_id, principal, patch }, tx) => {
    const request = { tenant_id, order_id: object_id, requested_by: principal, ...refund.parse(patch) }
    const new_object_id = await createRefundReview(tx, request)
    if (new_object_id === undefined) throw refuse('REFUND_ABOVE_TOTAL')
    return { rows_affected: 1, new_object_id }
  },

  'credits.propose_credit': async ({ tenant_id, object_id, approvals, patch }, tx) => {
    const { amount_cents, note } = credit.parse(patch)
    const max_cents = await maxCredit(tx, tenant_id)
    if (amount_cents > max_cents) throw refuse('CREDIT_POLICY_CHANGED', { max_cents })
    const approved_by = approvals.map(({ approver }) => approver).join(', ')
    const new_object_id = await insertCredit(tx, { tenant_id, account_id: object_id, amount_cents, note, approved_by })
    return { rows_affected: 1, new_object_id }
  },

  'tickets.propose_ticket': async ({ tenant_id, object_id, patch }, tx) => {
    const new_object_id = await openTicket(tx, { tenant_id, account_id: object_id, ...ticket.parse(patch) })
    return { rows_affected: 1, new_object_id }
  },

  'trials.propose_extension': async ({ tenant_id, object_id, patch }, tx) => {
    const extended = await extendTrial(tx, { tenant_id, subscription_id: object_id, ...extension.parse(patch) })
    const { extension_id: new_object_id, trial_ends_on, charges_moved } = extended
    return { rows_affected: 2 + charges_moved, new_object_id, details: { trial_ends_on, charges_moved } }
  },
}
// #endregion
