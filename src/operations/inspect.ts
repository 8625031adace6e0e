import { parseArguments } from '../capability/arguments.js'
import type { Capability } from '../capability/capability.js'
import { findCapability } from '../capability/compile.js'
import { RunnerError } from '../errors.js'
import type { AuditRecord, EvidenceRecord } from '../ledger/ledger.js'
import type { Context } from '../protocol/proposal.js'
import { type JsonScalar, rowToJson } from '../protocol/values.js'
import { parseLink } from './link.js'
import type { ContextOf, Link, Ports } from './ports.js'
import { readSource, type SourceRead } from './source-read.js'

/** What was read, and the evidence that it was. `data` is the row where `max_rows` is 1, else the rows. */
export interface Inspection<Data = Record<string, JsonScalar> | readonly Record<string, JsonScalar>[]> {
  readonly data: Data
  readonly row_count: number
  /** More rows matched than `max_rows`. */
  readonly truncated: boolean
  readonly evidence: {
    readonly bundle_id: string
    readonly digest: string
    readonly query_fingerprint: string
    readonly captured_at: string
  }
}

/** One call of a session: the name and arguments as given, and what the host knows about it. */
export interface Call {
  readonly name: unknown
  readonly args: unknown
  readonly contextOf: ContextOf
  readonly link: Link | undefined
  /** What a run asks of an approval, where that is more than the capability asks. */
  readonly approval?: ApprovalDemand | undefined
}

/** What more must hold of an approval. */
export interface ApprovalDemand {
  readonly required_role?: string
  readonly required_approvals?: number
}

/** Reads one tenant's visible columns. Evidence is recorded before the answer is given. */
export async function inspect(ports: Ports, { name, args, contextOf, link: given }: Call): Promise<Inspection> {
  const link = parseLink(given)
  const capability = findCapability(ports.contract, name, 'read')
  const parsed = parseArguments(capability.args, args)
  const context = contextOf(capability.context)
  ports.limits.takeCall(capability.name, context.tenant_id)

  const read = await readSource(ports, capability, context, parsed, link)
  await recordRead(ports, read, context)

  return toInspection(capability, read.evidence)
}

/**
 * Answers with what a record of evidence holds.
 *
 * @throws RunnerError `NOT_FOUND` where it holds no row and one was asked for.
 */
export function toInspection(capability: Capability, { evidence, digest }: EvidenceRecord): Inspection {
  const rows = evidence.rows.map(rowToJson)
  const [row] = rows
  if (capability.max_rows === 1 && row === undefined) throw noSuchRow(capability.target.type)
  return {
    data: capability.max_rows === 1 && row !== undefined ? row : rows,
    row_count: evidence.row_count,
    truncated: evidence.truncated,
    evidence: {
      bundle_id: evidence.bundle_id,
      digest,
      query_fingerprint: evidence.query_fingerprint,
      captured_at: evidence.captured_at,
    },
  }
}

/** Evidence and audit line of one read, whatever is decided on it afterwards. */
export async function recordRead(ports: Ports, read: SourceRead, context: Context): Promise<void> {
  const { record, audit } = toRecord(ports, read, context)
  await ports.records.recordRead(record, audit)
}

/** What is put on record of one read. */
export function toRecord(ports: Ports, { evidence: record }: SourceRead, context: Context) {
  const { evidence } = record
  const audit: AuditRecord = {
    audit_id: ports.ids.next('qa'),
    bundle_id: evidence.bundle_id,
    capability: evidence.capability,
    tenant_id: context.tenant_id,
    principal: context.principal,
    source: evidence.source,
    query_fingerprint: evidence.query_fingerprint,
    row_count: evidence.row_count,
    at: evidence.captured_at,
  }
  return { record, audit }
}

/** The one answer for an absent row and for another tenant's. */
export function noSuchRow(type: string): RunnerError {
  return new RunnerError('NOT_FOUND', `There is no such row of ${type} for this tenant.`, { details: { type } })
}
