/** What the app knows of refunds: each one begins as a review. */
import type { PoolClient } from 'pg'

export interface RefundRequest {
  readonly tenant_id: string
  readonly order_id: string
  readonly amount_cents: number
  readonly reason: string
  readonly requested_by: string
}

/** Opens a review, which pays nothing yet, and gives its id; `undefined` where the order is worth less than that. */
export async function createRefundReview(tx: PoolClient, request: RefundRequest): Promise<string | undefined> {
  const { tenant_id, order_id, amount_cents, reason, requested_by } = request
  const { rows } = await tx.query<{ id: string }>(
    `insert into refund_reviews (tenant_id, order_id, amount_cents, reason, requested_by)
     select tenant_id, id, $3, $4, $5 from orders where tenant_id = $1 and id = $2 and total_cents >= $3
     returning id`,
    [tenant_id, order_id, amount_cents, reason, requested_by],
  )
  return rows[0]?.id
}
