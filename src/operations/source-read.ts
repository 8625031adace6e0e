import type { Arguments } from '../capability/arguments.js'
import type { Capability } from '../capability/capability.js'
import { drift, guardedColumns } from '../capability/change.js'
import { isRunnerError, RunnerError } from '../errors.js'
import { tableRef } from '../executors/sql.js'
import type { EvidenceRecord } from '../ledger/ledger.js'
import { refuseSecret } from '../policy/secrets.js'
import { canonicalJson, type Digest, digest, digestText } from '../protocol/canonical.js'
import { type Evidence, evidenceDigest } from '../protocol/evidence.js'
import type { Context } from '../protocol/proposal.js'
import type { TypedRow } from '../protocol/values.js'
import type { ColumnInfo, ScopedRead, TableInfo } from '../sql/dialect.js'
import type { Link, Ports, Source } from './ports.js'

/** A read that was made for a capability: full rows for the checks, and the evidence of what may be seen. */
export interface SourceRead {
  readonly source: Source
  readonly table: TableInfo
  readonly rows: readonly TypedRow[]
  readonly evidence: EvidenceRecord & { readonly digest: Digest }
  readonly arguments_digest: Digest
}

/** A capability's read, planned once for a table as it is described. */
interface Plan {
  readonly table: TableInfo
  readonly read: ScopedRead
  readonly fingerprint: Digest
  readonly visible: readonly string[]
}

const plans = new WeakMap<Source, Map<string, Plan>>()

/**
 * Reads what a capability may read, for one tenant, through the reader credential. Nothing is recorded yet.
 *
 * @throws RunnerError `SCHEMA_DRIFT`, `SECRET_REFUSED`, `SOURCE_*`.
 */
export async function readSource(
  ports: Ports,
  capability: Capability,
  context: Context,
  args: Arguments,
  link: Link | undefined,
): Promise<SourceRead> {
  const source = await ports.sources.open(capability.source)
  const { plan, rows } = await readPlanned(source, capability, context, args)
  const kept = fitting(rows.slice(0, capability.max_rows), plan.visible)
  const truncated = rows.length > kept.length
  for (const row of kept) refuseSecrets(row)
  const visible = kept.map((row) => pickVisible(row, plan.visible))
  const arguments_digest = digest('synapsor.arguments.v1', args)
  const evidence: Evidence = {
    schema_version: 'synapsor.evidence.v1',
    bundle_id: ports.ids.next('ev'),
    capability: capability.name,
    context,
    source: capability.source,
    query_fingerprint: plan.fingerprint,
    arguments_digest,
    captured_at: ports.clock.now().toISOString(),
    row_count: visible.length,
    truncated,
    rows: visible,
    run_id: link?.run_id ?? null,
    step_key: link?.step_key ?? null,
  }
  const text = canonicalJson(evidence)
  return {
    source,
    table: plan.table,
    rows: kept,
    evidence: { evidence, digest: evidenceDigest(evidence, text), text },
    arguments_digest,
  }
}

async function readPlanned(source: Source, capability: Capability, context: Context, args: Arguments) {
  const plan = await planFor(source, capability)
  try {
    return { plan, rows: await run(source, plan, capability, context, args) }
  } catch (error) {
    if (!isRunnerError(error) || error.code !== 'SCHEMA_DRIFT') throw error
    const fresh = await planFor(source, capability, true)
    return { plan: fresh, rows: await run(source, fresh, capability, context, args) }
  }
}

async function run(
  source: Source,
  plan: Plan,
  capability: Capability,
  context: Context,
  args: Arguments,
): Promise<readonly TypedRow[]> {
  const key = capability.lookup === undefined ? undefined : String(args[capability.lookup])
  const values = plan.read.bind({
    ...(key === undefined ? {} : { key }),
    ...(capability.target.tenant_key === undefined ? {} : { tenant: context.tenant_id }),
  })
  if (values === undefined) return []
  const rows = await source.driver.read(plan.read, values)
  for (const row of rows) assertScope(capability, context, key, row)
  return rows
}

/** The statement has compared the bytes already; a row that slips through all the same is a defect, not an answer. */
function assertScope(capability: Capability, context: Context, key: string | undefined, row: TypedRow): void {
  const { primary_key, tenant_key } = capability.target
  const foreign = tenant_key !== undefined && row[tenant_key]?.text !== context.tenant_id
  const other = key !== undefined && row[primary_key]?.text !== key
  if (foreign || other) throw new RunnerError('INTERNAL', 'The database answered with a row outside the scope.')
}

/** Plans are kept until the table is described anew. */
async function planFor(source: Source, capability: Capability, fresh = false): Promise<Plan> {
  const table = await source.driver.describe(tableRef(capability), { fresh })
  const kept = plans.get(source) ?? new Map<string, Plan>()
  plans.set(source, kept)
  const earlier = kept.get(capability.name)
  if (earlier?.table === table) return earlier
  const plan = makePlan(source, capability, table)
  kept.set(capability.name, plan)
  return plan
}

export function makePlan(source: Source, capability: Capability, table: TableInfo): Plan {
  const { target } = capability
  const column = (name: string): ColumnInfo => {
    const found = table.columns.get(name)
    if (found === undefined) throw drift(table, name)
    return found
  }
  const read = source.driver.dialect.scopedRead({
    table: table.ref,
    columns: columnsOf(capability, table).map(column),
    ...(capability.lookup === undefined ? {} : { key: column(target.primary_key) }),
    ...(target.tenant_key === undefined ? {} : { tenant: column(target.tenant_key) }),
    order_by: column(target.primary_key),
    limit: capability.max_rows + 1,
  })
  return { table, read, fingerprint: digestText('synapsor.query.v1', read.text), visible: capability.visible_columns }
}

/** The columns that a capability reads, each once. */
export function columnsOf(capability: Capability, table: TableInfo): readonly string[] {
  const { primary_key, tenant_key } = capability.target
  const scope = tenant_key === undefined ? [primary_key] : [primary_key, tenant_key]
  return [...new Set([...capability.visible_columns, ...scope, ...changeColumns(capability, table)])]
}

/** App-owned executors may take patch fields that are no columns: those have nothing to read. */
function changeColumns(capability: Capability, table: TableInfo): readonly string[] {
  const { change } = capability
  if (change === undefined) return []
  const guarded = guardedColumns(change, capability.visible_columns)
  const columns = change.executor.type === 'sql_update' ? guarded : guarded.filter((name) => table.columns.has(name))
  return change.guard.kind === 'column' ? [...columns, change.guard.column] : columns
}

/** The longest answer, in UTF-16 units of all its values together. */
const MAX_ANSWER = 1_048_576

/** As many rows as one answer holds. A row is never cut. */
function fitting(rows: readonly TypedRow[], visible: readonly string[]): readonly TypedRow[] {
  let length = 0
  const end = rows.findIndex((row) => {
    for (const column of visible) length += row[column]?.text?.length ?? 0
    return length > MAX_ANSWER
  })
  if (end === 0) {
    throw new RunnerError('RESULT_TOO_LARGE', `A row holds more than ${MAX_ANSWER} characters in its visible columns.`)
  }
  return end < 0 ? rows : rows.slice(0, end)
}

/** Of every column that was read: what a proposal freezes is stored too. */
function refuseSecrets(row: TypedRow): void {
  for (const [column, { text }] of Object.entries(row)) refuseSecret(`column ${column}`, text)
}

function pickVisible(row: TypedRow, visible: readonly string[]): Record<string, TypedRow[string]> {
  const picked: Record<string, TypedRow[string]> = {}
  for (const column of visible) {
    const value = row[column]
    if (value === undefined) continue
    picked[column] = value
  }
  return picked
}
