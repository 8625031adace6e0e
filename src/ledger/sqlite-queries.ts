import * as z from 'zod'
import type { StoredEntry } from '../protocol/entry.js'
import { jobV2 } from '../protocol/job.js'
import { once } from '../protocol/once.js'
import type { Receipt } from '../protocol/receipt.js'
import { bodyOf } from '../protocol/state.js'
import type { Append, AuditRecord, EvidenceRecord, Page, PageRequest, Refusal, RefusalCount } from './ledger.js'
import { parsePaging, toPage } from './paging.js'
import { parseJson, readInteger, readText, unreadable } from './rows.js'
import type { Connection } from './sqlite-connection.js'
import type { ListSource } from './sqlite-lists.js'
import { toStoredEntry } from './sqlite-proposals.js'
import { AUDIT_COLUMNS, EVIDENCE_COLUMNS, toAuditRecord, toEvidenceRecord } from './sqlite-reads.js'

const ENTRY_COLUMNS = 't.seq, t.type, t.subject, t.at, t.commitment, t.prev, t.hash, t.salt, t.body'

const READ_FILTERS = { indexes: [{ name: 'reads_by_tenant', columns: ['tenant_id'] }], also: ['capability'] } as const

export const EVIDENCE_LIST: ListSource<EvidenceRecord> = {
  name: 'evidence',
  table: 'reads',
  key: 'seq',
  columns: EVIDENCE_COLUMNS,
  only: 't.body is not null',
  ...READ_FILTERS,
  item: toEvidenceRecord,
}

export const AUDIT_LIST: ListSource<AuditRecord> = {
  name: 'audit',
  table: 'reads',
  key: 'seq',
  columns: AUDIT_COLUMNS,
  ...READ_FILTERS,
  item: toAuditRecord,
}

export const ENTRY_LIST: ListSource<StoredEntry> = {
  name: 'entries',
  table: 'entries',
  key: 'seq',
  columns: ENTRY_COLUMNS,
  indexes: [{ name: 'entries_by_subject', columns: ['subject'] }],
  also: ['type'],
  item: toStoredEntry,
}

const RECEIPT_ENTRY = 'join entries as e on e.seq = t.seq and e.body is not null'
const RECEIPT_COLUMNS = 'e.seq, e.type, e.subject, e.at, e.commitment, e.prev, e.hash, e.salt, e.body'

export const RECEIPT_LIST: ListSource<Receipt> = {
  name: 'receipts',
  table: 'receipts',
  key: 'seq',
  columns: RECEIPT_COLUMNS,
  join: RECEIPT_ENTRY,
  indexes: [{ name: 'receipts_by_tenant', columns: ['tenant_id'] }],
  also: ['status'],
  item: (row) => bodyOf('receipt.recorded', toStoredEntry(row)),
}

export function findReceipt(connection: Connection, receipt_id: string): Receipt | undefined {
  const sql = `select ${RECEIPT_COLUMNS} from receipts as t ${RECEIPT_ENTRY} where t.receipt_id = ?`
  const row = connection.get(sql, receipt_id)
  return row === undefined ? undefined : RECEIPT_LIST.item(row)
}

export function findEntry(connection: Connection, seq: number): StoredEntry | undefined {
  if (!Number.isSafeInteger(seq)) return undefined
  const sql = `select ${ENTRY_COLUMNS} from entries as t where t.seq = ?`
  const row = connection.get(sql, seq)
  return row === undefined ? undefined : toStoredEntry(row)
}

export function findJob(connection: Connection, writeback_job_id: string): Append['job'] {
  const row = connection.get('select digest, body from jobs where writeback_job_id = ?', writeback_job_id)
  if (row === undefined) return undefined
  const parsed = jobV2().safeParse(parseJson(readText(row, 'body')))
  if (!parsed.success) throw unreadable(`job ${writeback_job_id}`)
  return { job: parsed.data, digest: readText(row, 'digest') }
}

const COUNT_REFUSAL = `
  insert into refusals (minute, tenant_id, capability, code, count) values (?, ?, ?, ?, ?)
  on conflict do update set count = count + excluded.count`

export function countRefusal(connection: Connection, refusal: Refusal, count = 1): void {
  const { minute, tenant_id, capability, code } = refusal
  connection.run(COUNT_REFUSAL, minute, tenant_id, capability, code, count)
}

const REFUSAL_COLUMNS = 'minute, tenant_id, capability, code'
const REFUSALS = `select ${REFUSAL_COLUMNS}, count from refusals`
const REFUSAL_ORDER = 'order by minute desc, tenant_id desc, capability desc, code desc limit ?'
const refusalKey = once(() => z.tuple([z.string(), z.string(), z.string(), z.string()]))

export function listRefusals(connection: Connection, request: PageRequest): Page<RefusalCount> {
  const { after, limit } = parsePaging('refusals', request, refusalKey())
  const rows =
    after === undefined
      ? connection.all(`${REFUSALS} ${REFUSAL_ORDER}`, limit + 1)
      : connection.all(`${REFUSALS} where (${REFUSAL_COLUMNS}) < (?, ?, ?, ?) ${REFUSAL_ORDER}`, ...after, limit + 1)
  return toPage(
    'refusals',
    rows.map((row) => ({
      minute: readText(row, 'minute'),
      tenant_id: readText(row, 'tenant_id'),
      capability: readText(row, 'capability'),
      code: readText(row, 'code'),
      count: readInteger(row, 'count'),
    })),
    limit,
    {
      item: (refusal) => refusal,
      position: ({ minute, tenant_id, capability, code }) => [minute, tenant_id, capability, code],
    },
  )
}
