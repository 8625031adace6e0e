import type { LedgerCheck, LedgerStats } from './ledger.js'
import { readInteger, readText } from './rows.js'
import type { Connection } from './sqlite-connection.js'
import { SCHEMA_VERSION } from './sqlite-schema.js'

/** Places are given without gaps, so the last one is the count. */
const COUNTS = `
  select
    (select coalesce(max(seq), 0) from entries) as entries,
    (select count(*) from proposals) as proposals,
    (select count(*) from runs) as runs,
    (select coalesce(max(seq), 0) from reads) as evidence,
    (select page_count from pragma_page_count) * (select page_size from pragma_page_size) as bytes`

export function readStats(connection: Connection, location: string): LedgerStats {
  const row = connection.get(COUNTS) ?? {}
  return {
    location,
    schema_version: SCHEMA_VERSION,
    entries: readInteger(row, 'entries'),
    proposals: readInteger(row, 'proposals'),
    runs: readInteger(row, 'runs'),
    evidence: readInteger(row, 'evidence'),
    bytes: readInteger(row, 'bytes'),
  }
}

/** Inside a write transaction: whoever gets that far can write. */
export function checkLedger(connection: Connection): LedgerCheck {
  const row = connection.get('select sqlite_version() as version') ?? {}
  return { schema_version: SCHEMA_VERSION, engine: `SQLite ${readText(row, 'version')}` }
}
