/** What the app knows of credits: how much it gives today, and to whom it gave some. */
import type { PoolClient } from 'pg'

export interface Credit {
  readonly tenant_id: string
  readonly account_id: string
  readonly amount_cents: number
  readonly note: string
  readonly approved_by: string
}

/** The most that one credit may be, as the owner of the app has it now. */
export async function maxCredit(tx: PoolClient, tenant_id: string): Promise<number> {
  const { rows } = await tx.query<{ max_cents: number }>(
    'select max_cents from credit_policies where tenant_id = $1 for share',
    [tenant_id],
  )
  return rows[0]?.max_cents ?? 0
}

export async function insertCredit(tx: PoolClient, credit: Credit): Promise<string> {
  const { tenant_id, account_id, amount_cents, note, approved_by } = credit
  const { rows } = await tx.query<{ id: string }>(
    `insert into account_credits (tenant_id, account_id, amount_cents, note, approved_by)
     values ($1, $2, $3, $4, $5) returning id`,
    [tenant_id, account_id, amount_cents, note, approved_by],
  )
  return rows[0]?.id ?? ''
}
