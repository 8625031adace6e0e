import { openSqlite } from '../../src/drivers/sqlite-library.js'

/**
 * Does what somebody would do who owns the ledger file and wants an approved change to hit another row: removes the
 * triggers that guard the record, and rewrites the proposal in place.
 */
export async function forgeProposal(ledger: string, from: string, to: string): Promise<void> {
  const database = await openSqlite(ledger, { mode: 'write', busy_timeout_ms: 1000 })
  for (const { name } of database.prepare(`select name from sqlite_schema where type = 'trigger'`).all()) {
    database.exec(`drop trigger ${String(name)}`)
  }
  database.prepare(`update entries set body = replace(body, ?, ?) where type = ?`).run(from, to, 'proposal.created')
  database.close()
}
