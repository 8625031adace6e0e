/** How PostgreSQL spells a guarded update: one statement for plain tables, and the steps of a transaction for the others. */
import type { ColumnInfo, TableRef } from './dialect.js'
import { castTo, exactText, matches, quote, quoteTable } from './postgres.js'

/** The names that a guarded update depends on. Its statements are rendered from them once; values are bound. */
export interface UpdateShape {
  readonly table: TableRef
  readonly receipts: TableRef | null
  readonly key: ColumnInfo
  readonly tenant: ColumnInfo | null
  readonly before: readonly ColumnInfo[]
  readonly after: readonly ColumnInfo[]
  readonly version: { readonly column: ColumnInfo; readonly advance: 'timestamp' | 'integer' | 'database' } | null
}

/** The values of one update, in the order of its shape. */
export interface UpdateValues {
  readonly receipt: { readonly key: string; readonly proposal_hash: string; readonly anchor: string } | null
  /** Object ids of the table and of the types of {@link guardedColumns}, as an array literal. */
  readonly identity: string
  readonly key: string
  readonly tenant: string | null
  readonly version: string | null
  readonly before: readonly (string | null)[]
  readonly after: readonly (string | null)[]
}

/** SQLSTATE by which the statement ends itself when the row is not as approved after the update. */
export const AFTER_IMAGE_SQLSTATE = '2201F'
/** SQLSTATE by which the statement ends itself when the version did not move. */
export const VERSION_SQLSTATE = '2201E'

/** The columns whose types the statement checks against the description, each once. */
export function guardedColumns({ key, tenant, before, after, version }: UpdateShape): readonly ColumnInfo[] {
  const all = [key, ...(tenant ? [tenant] : []), ...(version ? [version.column] : []), ...before, ...after]
  return [...new Map(all.map((column) => [column.name, column])).values()]
}

/** Fixed order of the values, so that any part of the statement can name its own. */
interface Places {
  readonly receipt: readonly [key: string, hash: string, anchor: string] | null
  readonly identity: string
  readonly key: string
  readonly tenant: string
  readonly version: string
  readonly before: readonly string[]
  readonly after: readonly string[]
}

function placesOf(shape: UpdateShape): Places {
  let last = 0
  const next = (): string => `$${++last}`
  return {
    receipt: shape.receipts ? [next(), next(), next()] : null,
    identity: next(),
    key: next(),
    tenant: shape.tenant ? next() : '',
    version: shape.version ? next() : '',
    before: shape.before.map(next),
    after: shape.after.map(next),
  }
}

/** The values of {@link oneStatement}, in its order. */
export function bindOneStatement(shape: UpdateShape, values: UpdateValues): readonly (string | null)[] {
  const { receipt, identity, key, tenant, version, before, after } = values
  return [
    ...(receipt ? [receipt.key, receipt.proposal_hash, receipt.anchor] : []),
    identity,
    key,
    ...(shape.tenant ? [tenant] : []),
    ...(shape.version ? [version] : []),
    ...before,
    ...after,
  ]
}

/**
 * The whole guarded update in one round trip: lock and compare, update, check the row that came of it, leave the
 * receipt. Answers one row for each row that was locked: `described`, `proposed`,
 * `version`, `new_version`, `changed`. A row that was as proposed and yet did not change was replaced by another version
 * of itself while its lock was awaited, which this statement's snapshot does not see: the next one does.
 *
 * Only for tables without user triggers and rules: an AFTER trigger would change the row unseen behind RETURNING. Both
 * checks of the new row depend on its data, since an error in a constant would strike when the statement is planned.
 */
export function oneStatement(shape: UpdateShape): string {
  const places = placesOf(shape)
  const table = quoteTable(shape.table)
  const scope = scopeOf(shape, places)
  const version = shape.version ? exactText(shape.version.column) : 'null::text'
  return `with locked as (
  select t.ctid as place, ${describedAs(shape, places.identity)} as described, ${proposedAs(shape, places)} as proposed, ${version} as version
  from only ${table} t where ${scope} for update
), changed as (
  update only ${table} t set ${assignments(shape, places.after)} from locked
  where t.ctid = locked.place and locked.described and locked.proposed and (select count(*) from locked) = 1
  returning locked.version as version, ${version} as new_version, ${afterChecks(shape, places)} as checked
)${receiptPart(shape, places)}
select locked.described::text, locked.proposed::text, locked.version, changed.new_version, (changed.checked is not null)::text
from locked left join changed on true`
}

export function scopeOf(
  { key, tenant }: UpdateShape,
  places: { readonly key: string; readonly tenant: string },
): string {
  return [matches(key, places.key), ...(tenant ? [matches(tenant, places.tenant)] : [])].join(' and ')
}

/** Same table, same column types, still no trigger: seen under the lock that keeps others from changing them. */
function describedAs(shape: UpdateShape, identity: string): string {
  const types = guardedColumns(shape).map((column) => `pg_typeof(t.${quote(column.name)})::oid`)
  const triggers = 'select from pg_catalog.pg_trigger g where g.tgrelid = t.tableoid and not g.tgisinternal'
  return `(array[t.tableoid, ${types.join(', ')}] = ${identity}::oid[] and not exists (${triggers}))`
}

function proposedAs({ before, version }: UpdateShape, places: Places): string {
  const expected = before.map((column, i) => same(column, places.before[i] ?? ''))
  if (version) expected.push(same(version.column, places.version))
  return expected.length === 0 ? 'true' : `(${expected.join(' and ')})`
}

export function same(column: ColumnInfo, placeholder: string): string {
  return `${exactText(column)} is not distinct from ${placeholder}::text`
}

/** Sets what was approved and moves the version on. */
export function assignments({ after, version }: UpdateShape, places: readonly string[]): string {
  const patched = after.map((column, i) => `${quote(column.name)} = ${castTo(column, places[i] ?? '')}`)
  return [...patched, ...(version && version.advance !== 'database' ? [advanced(version)] : [])].join(', ')
}

function advanced({ column, advance }: NonNullable<UpdateShape['version']>): string {
  const name = quote(column.name)
  if (advance === 'integer') return `${name} = t.${name} + 1`
  const now = column.kind === 'datetime' ? `(clock_timestamp() at time zone 'UTC')` : 'clock_timestamp()'
  // Two changes within one tick of the clock must not share a version, nor may a clock that was set back repeat one.
  const tick = `interval '${10 ** -(column.fraction_digits ?? 6)} second'`
  return `${name} = greatest(${now}, t.${name} + ${tick})`
}

function afterChecks({ after, version }: UpdateShape, places: Places): string {
  const asApproved = after.map((column, i) => same(column, places.after[i] ?? '')).join(' and ')
  const image = `sqrt(case when ${asApproved} then 1 else -1 end)`
  if (!version) return image
  const moved = `${exactText(version.column)} is distinct from locked.version`
  return `${image} + ln(case when ${moved} then 1 else 0 end)`
}

function receiptPart({ receipts }: UpdateShape, { receipt }: Places): string {
  if (!receipts || !receipt) return ''
  const [key, hash, anchor] = receipt
  return `, receipt as (
  insert into ${quoteTable(receipts)} (key, kind, proposal_hash, anchor, previous_version, new_version)
  select ${key}::text, 'applied', ${hash}::text, ${anchor}::text, changed.version, changed.new_version from changed
)`
}
