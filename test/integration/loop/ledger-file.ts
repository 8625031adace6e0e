import { openSqlite } from '../../../src/drivers/sqlite-library.js'

/** Edits the recorded body of an entry of a proposal in the ledger file, as somebody with a database tool would. */
export async function tamper(
  path: string,
  proposal_id: string,
  edit: (body: string) => string,
  type = 'proposal.created',
): Promise<void> {
  const file = await openSqlite(path, { mode: 'write', busy_timeout_ms: 2000 })
  try {
    const found = file.prepare('select seq, body from entries where subject = ? and type = ?').get(proposal_id, type)
    const body = String(found?.body)
    const edited = edit(body)
    if (edited === body) throw new Error('The edit changed nothing.')
    for (const { name } of file.prepare("select name from sqlite_schema where type = 'trigger'").all()) {
      file.exec(`drop trigger "${String(name)}"`)
    }
    file.prepare('update entries set body = ? where seq = ?').run(edited, found?.seq ?? null)
  } finally {
    file.close()
  }
}

/** Cuts the ledger's own tail, as a power cut can: the last entries of a proposal and what was derived from them. */
export async function forgetTail(path: string, proposal_id: string, from = 'apply.started'): Promise<void> {
  const file = await openSqlite(path, { mode: 'write', busy_timeout_ms: 2000 })
  try {
    for (const { name } of file.prepare("select name from sqlite_schema where type = 'trigger'").all()) {
      file.exec(`drop trigger "${String(name)}"`)
    }
    const cut = file
      .prepare('select min(seq) as seq from entries where subject = ? and type = ?')
      .get(proposal_id, from)
    const seq = Number(cut?.seq)
    const gone = Number(file.prepare('select count(*) as n from entries where seq >= ?').get(seq)?.n)
    file.exec(`delete from receipts where seq >= ${seq}; delete from entries where seq >= ${seq}`)
    const status = from === 'apply.started' ? 'approved' : 'applying'
    file
      .prepare('update proposals set status = ?, active = 1, revision = revision - ? where proposal_id = ?')
      .run(status, gone, proposal_id)
  } finally {
    file.close()
  }
}
