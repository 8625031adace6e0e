/** What the app knows of tickets. */
import type { PoolClient } from 'pg'

export interface NewTicket {
  readonly tenant_id: string
  readonly account_id: string
  readonly subject: string
  readonly priority: string
}

export async function openTicket(tx: PoolClient, ticket: NewTicket): Promise<string> {
  const { tenant_id, account_id, subject, priority } = ticket
  const { rows } = await tx.query<{ id: string }>(
    'insert into tickets (tenant_id, account_id, subject, priority) values ($1, $2, $3, $4) returning id',
    [tenant_id, account_id, subject, priority],
  )
  return rows[0]?.id ?? ''
}
