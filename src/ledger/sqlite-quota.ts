import type { ProposalQuota, QuotaUse } from './quota.js'
import { readInteger, readText } from './rows.js'
import type { Connection } from './sqlite-connection.js'

/** Counts against a quota, without the proposals in `ending`: those make room. */
export function useOfQuota(connection: Connection, quota: ProposalQuota, ending: readonly string[]): QuotaUse {
  const { open, created } = quota
  return {
    open_reached: open !== undefined && isOpenReached(connection, quota, open, ending),
    created_reached: created === undefined ? null : createdReached(connection, quota, created),
  }
}

/** By the index of open ones of the tenant. Those that are past their expiry wait for nobody. */
const OPEN = `
  select proposal_id from proposals indexed by proposals_open_by_tenant
  where tenant_id = ? and active = 1 and capability = ?
    and (expires_at > ? or status not in ('pending_review', 'approved')) limit ?`

function isOpenReached(
  connection: Connection,
  { tenant_id, capability, as_of }: ProposalQuota,
  most: number,
  ending: readonly string[],
): boolean {
  const rows = connection.all(OPEN, tenant_id, capability, as_of, most + ending.length)
  return rows.filter((row) => !ending.includes(readText(row, 'proposal_id'))).length >= most
}

const PIECE = 200

/** The tenant's newest ones, whatever their capability. */
const CREATED = `
  select created_seq, capability, created_at from proposals indexed by proposals_by_tenant
  where tenant_id = ? and created_seq < ? order by created_seq desc limit ${PIECE}`

/** Walks back to where the window begins, so that the cost is that of the window and not of the ledger. */
function createdReached(
  connection: Connection,
  { tenant_id, capability, since }: ProposalQuota,
  most: number,
): string | null {
  let found = 0
  for (let before: number | undefined = Number.MAX_SAFE_INTEGER; before !== undefined; ) {
    const rows = connection.all(CREATED, tenant_id, before)
    for (const row of rows) {
      const created_at = readText(row, 'created_at')
      if (created_at <= since) return null
      if (readText(row, 'capability') === capability) found += 1
      if (found === most) return created_at
    }
    const last = rows.at(-1)
    before = last === undefined ? undefined : readInteger(last, 'created_seq')
  }
  return null
}
