/**
 * How one engine spells SQL and values. Pure: a dialect never talks to a database.
 */
import type { ColumnInfo, ColumnText, Engine, TableRef } from '../protocol/table.js'
import type { JsonScalar } from '../protocol/values.js'

export type {
  ColumnInfo,
  ColumnKind,
  ColumnText,
  Engine,
  TableInfo,
  TableProblem,
  TableRef,
} from '../protocol/table.js'

export interface SqlStatement {
  readonly text: string
  readonly values: readonly (string | null)[]
}

/** How an engine spells names, reads and values. One literal object for each engine. */
export interface Dialect {
  readonly engine: Engine
  quote(name: string): string
  table(ref: TableRef): string
  /**
   * Renders a scoped read: exactly one tenant's rows, by byte equality whatever the collation, at most `limit` of them.
   * Depends on names only, so it is rendered once; {@link ScopedRead.bind} gives the values.
   */
  scopedRead(read: ReadShape): ScopedRead
  /**
   * The text that the column would give back after `value` is stored in it, or why it cannot be stored as it is. Never rounds, cuts, pads or guesses.
   */
  toColumn(column: ColumnInfo, value: JsonScalar): ColumnText
}

export interface ReadShape {
  readonly table: TableRef
  /** Columns to read, in order. */
  readonly columns: readonly ColumnInfo[]
  readonly key?: ColumnInfo
  readonly tenant?: ColumnInfo
  /** Order of a list read, always the primary key. */
  readonly order_by: ColumnInfo
  readonly limit: number
}

export interface ScopedRead {
  /** Fixed by contract and schema; no value is in it. */
  readonly text: string
  readonly columns: readonly ColumnInfo[]
  /** `undefined` when key or tenant cannot be a value of its column in canonical form, so that no row can match. */
  bind(scope: { readonly key?: string; readonly tenant?: string }): readonly (string | null)[] | undefined
}
