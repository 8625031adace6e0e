import type { TypedRow } from '../protocol/values.js'
import type { ColumnInfo } from '../sql/dialect.js'

/** Rows by column name, from texts in the order of the columns that were read. */
export function toTypedRows(
  columns: readonly ColumnInfo[],
  rows: readonly (readonly (string | null)[])[],
): readonly TypedRow[] {
  return rows.map((row) => {
    const typed: Record<string, TypedRow[string]> = {}
    columns.forEach(({ name, type }, i) => {
      typed[name] = { type, text: row[i] ?? null }
    })
    return typed
  })
}
