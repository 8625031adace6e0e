/** Whether a row still is what people approved a change of. */
import type { HandlerRequest } from '../protocol/handler.js'
import { type JsonScalar, type TypedText, toJson } from '../protocol/values.js'
import type { FoundRow, RowQuery, TargetOf } from './database.js'

/** Every column that must be as it was, with what it was. A list: none may replace another. */
export type Expected = readonly (readonly [column: string, value: JsonScalar])[]

export function expectedOf({ change_set: { before, guards } }: HandlerRequest): Expected {
  const { expected_version: version, reviewed = {} } = guards
  return [
    ...(version === undefined ? [] : [[version.column, version.value] as const]),
    ...Object.entries(reviewed),
    ...Object.entries(before),
  ]
}

/** What is asked of the database: the row by key and tenant, and each column that is compared. */
export function rowQueryOf(target: TargetOf, expected: Expected): RowQuery {
  const { schema, table, primary_key, tenant_key } = target
  const scope = [primary_key, ...(tenant_key === null ? [] : [tenant_key])]
  const columns = new Set([...scope.map(({ column }) => column), ...expected.map(([column]) => column)])
  return {
    table: schema === undefined ? { table } : { schema, table },
    key: { column: primary_key.column, text: String(primary_key.value) },
    tenant: tenant_key === null ? null : { column: tenant_key.column, text: String(tenant_key.value) },
    columns: [...columns],
  }
}

/** The one row whose key and tenant are the same bytes, whatever else a collation calls equal to them. */
export function exactRow(rows: readonly FoundRow[], { key, tenant }: RowQuery): FoundRow | undefined {
  const scope = [key, ...(tenant === null ? [] : [tenant])]
  const exact = rows.filter((row) => scope.every(({ column, text }) => row.get(column)?.text === text))
  return exact.length === 1 ? exact[0] : undefined
}

/** Names of the columns that have moved on. */
export function movedColumns(row: FoundRow, expected: Expected): readonly string[] {
  return [...new Set(expected.filter(([column, value]) => !isSame(row.get(column), value)).map(([column]) => column))]
}

/** True when the database's own text is what `value` was made from, or a moment that older runners wrote otherwise. */
export function isSame(found: TypedText | undefined, value: JsonScalar): boolean {
  if (found === undefined) return false
  if (found.text === null || value === null) return found.text === value
  if (toJson(found) === value || found.text === String(value)) return true
  // Only where the column itself holds a time: two texts that spell one are still two texts.
  const moment = typeof value === 'string' && /^(timestamp|datetime)/.test(found.type) ? momentOf(value) : undefined
  return moment !== undefined && moment === momentOf(found.text)
}

const MOMENT = /^(\d{4,}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(?:Z|[+]00(?::?00)?)?$/

/** A time in UTC down to the last digit, whichever way it is spelled. */
function momentOf(text: string): string | undefined {
  const [, date, time, fraction = ''] = MOMENT.exec(text) ?? []
  return date === undefined ? undefined : `${date} ${time}.${fraction.padEnd(6, '0')}`
}
