import type { Ledger } from '../../src/ledger/ledger.js'
import type { Library } from '../build.js'

/** Records of one proposal: its evidence, and the entries of creation, approval, attempt and receipt. */
const RECORDS_PER_PROPOSAL = 5
/** One proposal in so many records; what remains are reads. */
const RECORDS_PER_STORY = 20
/** Ids of reads without a proposal begin here, behind those of the proposals. */
const FIRST_READ = 500_000_000
/** One proposal in so many waits for a decision. */
const WAITING = 5

/** Fills a ledger with so many records of two tenants, and gives the ids of the proposals among them. */
export async function fillLedger(library: Library, path: string, records: number): Promise<readonly string[]> {
  const proposals = records / RECORDS_PER_STORY
  const ledger = library.openSqliteLedger({ path })
  try {
    for (let number = 1; number <= proposals; number++) await recordStory(library, ledger, number)
  } finally {
    await ledger.close()
  }
  await addReads(library, path, records - proposals * RECORDS_PER_PROPOSAL)
  return Array.from({ length: proposals }, (_, place) => library.sampleId('wrp', place + 1))
}

/** Writes what a proposal leaves behind in one append: the records are the same as those of its single steps. */
async function recordStory(library: Library, ledger: Ledger, number: number): Promise<void> {
  const sample = { number, tenant_id: number % 2 === 0 ? 'acme' : 'globex' }
  const proposal = library.sampleProposal(sample)
  const { created, row } = proposal
  const isWaiting = number % WAITING === 0
  const further = [
    library.sampleApproval(proposal),
    library.sampleStart(proposal),
    library.sampleReceiptEntry(proposal, number),
  ]
  await ledger.append({
    durability: 'relaxed',
    expect: [{ proposal_id: row.proposal_id, revision: 0 }],
    entries: isWaiting ? [created] : [created, ...further],
    rows: [isWaiting ? row : { ...row, status: 'applied' }],
    reads: [{ record: library.sampleEvidence(sample) }],
  })
}

/** Copies the first read under ids of their own. */
async function addReads({ openSqlite }: Library, path: string, count: number): Promise<void> {
  const database = await openSqlite(path, { mode: 'write' })
  try {
    database.exec('pragma synchronous = off')
    database.exec(`
      with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${count})
      insert into reads (bundle_id, audit_id, capability, tenant_id, principal, source, query_fingerprint, row_count, at,
        digest, body)
      select printf('ev_%012d', ${FIRST_READ} + n), printf('qa_%012d', ${FIRST_READ} + n), capability, iif(n % 2, 'acme', 'globex'), principal, source,
        query_fingerprint, row_count, at, digest, replace(body, bundle_id, printf('ev_%012d', ${FIRST_READ} + n))
      from numbers, (select * from reads where seq = 1)`)
    database.exec('pragma wal_checkpoint(truncate)')
  } finally {
    database.close()
  }
}
