/** A whole database as its catalogue tells it: names, types and rules, never a row. */
import type { ColumnInfo, Engine, TableProblem } from '../protocol/table.js'

export interface DatabaseSurvey {
  readonly engine: Engine
  /** What the server calls itself, such as `PostgreSQL 18.4`. */
  readonly server: string
  /** Database (PostgreSQL, MySQL); `null` for a file. */
  readonly database: string | null
  /** In the order of schema and name. System schemas are left out. */
  readonly tables: readonly SurveyedTable[]
}

export interface SurveyedTable {
  /** `null` where the engine has no schemas. On MySQL the database. */
  readonly schema: string | null
  readonly table: string
  readonly kind: 'table' | 'view' | 'materialized_view' | 'partitioned' | 'foreign' | 'virtual' | 'other'
  readonly comment: string | null
  /** In the order of the table. */
  readonly columns: readonly SurveyedColumn[]
  /** Empty where there is none. */
  readonly primary_key: readonly string[]
  /** Column sets that identify one row, the primary key among them: never partial, prefixed, nullable or over an expression. */
  readonly unique_keys: readonly (readonly string[])[]
  readonly foreign_keys: readonly ForeignKey[]
  readonly checks: readonly TableCheck[]
  /** Leading columns of every index that the engine can use for an equality, unique ones among them. */
  readonly indexes: readonly (readonly string[])[]
  /** Names of user triggers and rules. */
  readonly triggers: readonly string[]
  readonly row_security: 'none' | 'enabled' | 'forced'
  /** What stops a safe write, or needs care, as the description of a single table says it for the role that asked. */
  readonly problems: readonly TableProblem[]
}

export interface SurveyedColumn extends ColumnInfo {
  /** As the engine prints it; `null` where there is none. */
  readonly default_text: string | null
  readonly comment: string | null
}

export interface ForeignKey {
  readonly columns: readonly string[]
  readonly references: { readonly schema: string | null; readonly table: string; readonly columns: readonly string[] }
}

export interface TableCheck {
  /** Columns that it speaks of, as far as the engine says; else empty. */
  readonly columns: readonly string[]
  /** As the engine prints it. */
  readonly expression: string
}

export interface SurveyOptions {
  /** Only this schema. @defaultValue every schema that the role can see and that is not the system's */
  readonly schema?: string
}

/** The order of a survey: by schema, then by name, whatever the server's collation says. */
export function byName(a: SurveyedTable, b: SurveyedTable): number {
  if (a.schema !== b.schema) return (a.schema ?? '') < (b.schema ?? '') ? -1 : 1
  return a.table < b.table ? -1 : 1
}
