/**
 * The words for a table of a source, whatever its engine.
 */
import type { Digest } from './canonical.js'
import type { TypedText } from './values.js'

export type Engine = 'postgres' | 'mysql' | 'sqlite'

/** A table as the contract names it. */
export interface TableRef {
  readonly schema?: string
  readonly table: string
}

/**
 * What a column can hold, as far as the rules here care. `other` is readable, but never proposed, keyed or guarded on.
 * `timestamp` is an instant, `datetime` a wall-clock time without zone.
 */
export type ColumnKind =
  | 'integer'
  | 'decimal'
  | 'float'
  | 'boolean'
  | 'text'
  | 'enum'
  | 'uuid'
  | 'timestamp'
  | 'datetime'
  | 'date'
  | 'json'
  | 'binary'
  | 'other'

/** One column as the database describes it. */
export interface ColumnInfo {
  readonly name: string
  /** As the engine spells it, with its modifiers: `numeric(12,2)`, `datetime(6)`, `TEXT`. */
  readonly type: string
  /** What a text is cast to before it meets the column, where that is not `type`. */
  readonly cast?: string
  readonly kind: ColumnKind
  readonly nullable: boolean
  /** Generated, identity or otherwise not for a statement to set. */
  readonly generated: boolean
  /** Inclusive range of a number, date or time column, as the engine's text without zone and fraction. */
  readonly minimum?: string
  readonly maximum?: string
  /** Of a decimal: digits in all, digits behind the point. Absent where the column has no limit. */
  readonly precision?: number
  readonly scale?: number
  /** Of a text column, in characters. */
  readonly max_length?: number
  /** Of a text column that is limited in bytes of UTF-8. */
  readonly max_bytes?: number
  /** Fraction digits of a timestamp or datetime, 0 to 6. */
  readonly fraction_digits?: number
  readonly labels?: readonly string[]
  /** `char(n)`: trailing blanks are not part of the value. */
  readonly blank_padded?: boolean
}

/** Why a table cannot be written safely, or only with care. */
export interface TableProblem {
  /** `refuse` stops apply with `PRECONDITION_FAILED`; `warn` is for doctor. */
  readonly severity: 'refuse' | 'warn'
  readonly code:
    | 'NOT_A_TABLE'
    | 'NO_UNIQUE_KEY'
    | 'NOT_TRANSACTIONAL'
    | 'ROW_SECURITY_BYPASSED'
    | 'NOT_STRICT'
    | 'NOT_DURABLE'
    | 'REPLICA'
    | 'CHARSET'
    | 'CASCADES'
  readonly message: string
}

/** A table as the database describes it, and a fingerprint that moves when anything of that changes. */
export interface TableInfo {
  readonly ref: TableRef
  readonly columns: ReadonlyMap<string, ColumnInfo>
  /** Column sets that identify one row: never partial, prefixed, nullable or over an expression. */
  readonly unique_keys: readonly (readonly string[])[]
  /** A user trigger or rule can change what a statement does. */
  readonly has_triggers: boolean
  /** Their names, where there are any. */
  readonly trigger_names?: readonly string[]
  readonly problems: readonly TableProblem[]
  /** Over the columns, their types, the keys, triggers and the kind of table. */
  readonly fingerprint: Digest
}

/** The text a column would give back, or why it cannot hold the value as it is. */
export type ColumnText = { readonly ok: true; readonly value: TypedText } | { readonly ok: false; readonly why: string }
