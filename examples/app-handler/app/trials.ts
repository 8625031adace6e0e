/** What the app knows of trials: when one ends later, what is charged after it is charged later, too. */
import type { PoolClient } from 'pg'

export interface Extension {
  readonly tenant_id: string
  readonly subscription_id: string
  readonly days: number
  readonly reason: string
}

export interface Extended {
  readonly extension_id: string
  readonly trial_ends_on: string
  readonly charges_moved: number
}

/** Moves the end of a trial and what is charged after it, and notes why. */
export async function extendTrial(tx: PoolClient, extension: Extension): Promise<Extended> {
  const { tenant_id, subscription_id, days, reason } = extension
  const trial = await tx.query<{ trial_ends_on: string }>(
    `update subscriptions set trial_ends_on = trial_ends_on + $3::integer, updated_at = clock_timestamp()
     where tenant_id = $1 and id = $2 returning trial_ends_on::text`,
    [tenant_id, subscription_id, days],
  )
  const charges = await tx.query(
    'update scheduled_charges set due_on = due_on + $3::integer where tenant_id = $1 and subscription_id = $2',
    [tenant_id, subscription_id, days],
  )
  const noted = await tx.query<{ id: string }>(
    'insert into trial_extensions (tenant_id, subscription_id, days, reason) values ($1, $2, $3, $4) returning id',
    [tenant_id, subscription_id, days, reason],
  )
  return {
    extension_id: noted.rows[0]?.id ?? '',
    trial_ends_on: trial.rows[0]?.trial_ends_on ?? '',
    charges_moved: charges.rowCount ?? 0,
  }
}
