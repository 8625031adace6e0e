/** Looks into the database, past the runner and the app. */
import { setTimeout } from 'node:timers/promises'
import type { ExampleDatabase, Row } from '../reference/database.js'

const WAITING = `select 1 from pg_locks where not granted and locktype = 'relation'
  and database = (select oid from pg_database where datname = current_database())`

/** Waits until a statement of the app stands before a table that is locked. */
export async function waitsForLock({ rows }: ExampleDatabase): Promise<void> {
  for (let left = 1500; left > 0; left--) {
    if ((await rows(WAITING)).length > 0) return
    await setTimeout(20)
  }
  throw new Error('The app does not wait for the table.')
}

const MADE = `select
  (select count(*)::integer from refund_reviews) as refund_reviews,
  (select count(*)::integer from tickets) as tickets,
  (select count(*)::integer from account_credits) as account_credits,
  (select count(*)::integer from trial_extensions) as trial_extensions,
  (select trial_ends_on::text from subscriptions) as trial_ends_on,
  (select due_on::text from scheduled_charges) as charge_due_on`

/** What the app has made until now. */
export async function madeIn({ rows }: ExampleDatabase): Promise<Row> {
  const [made = {}] = await rows(MADE)
  return made
}
