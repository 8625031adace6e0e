/** What the catalogue suggests about one table, for a person to decide. A suggestion is never more than that. */
import type { SurveyedTable } from '../drivers/survey.js'

export interface TableAssessment {
  readonly table: SurveyedTable
  /** The one column that identifies a row within its tenant; `null` where no single column does. */
  readonly key: string | null
  /** Best first. */
  readonly tenant_keys: readonly Candidate[]
  /** Best first. */
  readonly version_columns: readonly VersionCandidate[]
  /** In the order of the table. */
  readonly columns: readonly ColumnAssessment[]
  /** What makes a reviewed write impossible (`refuse`) or unwise (`warn`). */
  readonly notes: readonly Note[]
}

export interface Candidate {
  readonly column: string
  /** Half a sentence: "is named like a tenant, never NULL, and indexed". */
  readonly why: string
}

export interface VersionCandidate extends Candidate {
  readonly strength: 'exact' | 'coarse'
  readonly advance: 'timestamp' | 'integer' | 'database'
}

export interface ColumnAssessment {
  readonly column: string
  readonly role: 'key' | 'tenant' | 'version' | 'data'
  /** Shown to the model unless a person decides otherwise. False for what looks like a secret or a personal number. */
  readonly is_visible: boolean
  /** May be proposed at all: not a key, tenant or version column, not generated, of a type that can be written exactly. */
  readonly is_writable: boolean
  /** Free text that outsiders may have written. */
  readonly is_untrusted: boolean
  /** Why it is not visible, not writable or not trusted; `null` where there is nothing to say. */
  readonly why: string | null
}

export interface Note {
  readonly severity: 'refuse' | 'warn'
  readonly code:
    | 'NOT_A_TABLE'
    | 'NO_UNIQUE_KEY'
    | 'COMPOSITE_KEY'
    | 'NO_TENANT_KEY'
    | 'TENANT_TYPE'
    | 'TENANT_NOT_INDEXED'
    | 'NO_VERSION_COLUMN'
    | 'COARSE_VERSION'
    | 'NOT_TRANSACTIONAL'
    | 'ROW_SECURITY'
    | 'TRIGGERS'
    | 'CASCADES'
    | 'GENERATED_COLUMNS'
    | 'UNTRUSTED_TEXT'
    | 'SECRET_COLUMNS'
    | 'NAME_NOT_PLAIN'
    | 'NAME_TOO_LONG'
    | 'NOT_DURABLE'
    | 'CHARSET'
  readonly message: string
  /** What to do about it. */
  readonly next: string
}
