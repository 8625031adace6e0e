/** The guarded update of PostgreSQL in steps, for tables whose triggers or rules can change what a statement does. */
import type { ColumnInfo, SqlStatement } from './dialect.js'
import { exactText, quote, quoteTable } from './postgres.js'
import { assignments, same, scopeOf, type UpdateShape, type UpdateValues } from './postgres-update.js'

/** Reads every column of the row as text and keeps others from changing it. */
export function lockRow(shape: UpdateShape, columns: readonly ColumnInfo[], values: UpdateValues): SqlStatement {
  const { text, bound } = rowSelect(shape, columns, values)
  return { text: `${text} for update`, values: bound }
}

/** Sets the approved values. The guard is repeated, although the row is locked, so that it stands by itself. */
export function updateRow(shape: UpdateShape, values: UpdateValues): SqlStatement {
  const { scope, bound, next } = scoped(shape, values)
  const places = values.after.map((value) => next(value))
  const guard = shape.version ? ` and ${same(shape.version.column, next(values.version))}` : ''
  const text = `update only ${quoteTable(shape.table)} t set ${assignments(shape, places)} where ${scope}${guard}`
  return { text, values: bound }
}

/** Reads the row again. The first value says whether the version moved on as it has to. */
export function readRow(shape: UpdateShape, columns: readonly ColumnInfo[], values: UpdateValues): SqlStatement {
  const { scope, bound, next } = scoped(shape, values)
  const moved = shape.version ? movedOn(shape.version, next(values.version)) : 'true'
  const selected = [`(${moved})::text`, ...columns.map((column) => `t.${quote(column.name)}::text`)]
  return { text: `select ${selected.join(', ')} from only ${quoteTable(shape.table)} t where ${scope}`, values: bound }
}

function rowSelect(shape: UpdateShape, columns: readonly ColumnInfo[], values: UpdateValues) {
  const { scope, bound } = scoped(shape, values)
  const selected = columns.map((column) => `t.${quote(column.name)}::text`)
  return { text: `select ${selected.join(', ')} from only ${quoteTable(shape.table)} t where ${scope}`, bound }
}

function scoped(shape: UpdateShape, values: UpdateValues) {
  const bound: (string | null)[] = []
  const next = (value: string | null): string => `$${bound.push(value)}`
  const key = next(values.key)
  const tenant = shape.tenant ? next(values.tenant) : ''
  return { scope: scopeOf(shape, { key, tenant }), bound, next }
}

function movedOn({ column, advance }: NonNullable<UpdateShape['version']>, placeholder: string): string {
  const value = `t.${quote(column.name)}`
  const expected = `${placeholder}::text::${column.cast ?? column.type}`
  if (advance === 'timestamp') return `${value} > ${expected}`
  if (advance === 'integer') return `${value} = ${expected} + 1`
  return `${exactText(column)} is distinct from ${placeholder}::text`
}
