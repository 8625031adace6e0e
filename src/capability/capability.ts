import type { Digest } from '../protocol/canonical.js'
import type { Engine } from '../protocol/table.js'
import type { JsonScalar } from '../protocol/values.js'
import type { ArgumentRule } from './arguments.js'

/** One capability of the contract with every default filled in and every name resolved. Made once, read-only. */
export interface Capability {
  readonly name: string
  readonly kind: 'read' | 'proposal'
  readonly description: string
  /** Of everything that decides what it does; a proposal made under another digest is not applied. */
  readonly digest: Digest
  readonly source: string
  readonly engine: Engine
  /** Name of its context in the contract, `undefined` for the default one. */
  readonly context: string | undefined
  readonly target: Target
  readonly args: ReadonlyMap<string, ArgumentRule>
  /** The argument that carries the primary key; `undefined` for a list read. */
  readonly lookup: string | undefined
  readonly visible_columns: readonly string[]
  readonly untrusted_columns: readonly string[]
  readonly max_rows: number
  /** What it may propose; `undefined` for a read. */
  readonly change: ChangeRules | undefined
}

export interface Target {
  /** What the row is called in proposals and replays. */
  readonly type: string
  readonly schema: string | undefined
  readonly table: string
  readonly primary_key: string
  /** `undefined` only under `single_tenant_dev`. */
  readonly tenant_key: string | undefined
}

export type PatchRule = { readonly fixed: JsonScalar } | { readonly from_arg: string }

export interface Bounds {
  readonly minimum?: number | undefined
  readonly maximum?: number | undefined
}

export interface TransitionRule {
  readonly from_column: string
  /** Whether a model may see the state that decides, and so be told what may follow it. */
  readonly is_visible: boolean
  readonly allowed: ReadonlyMap<string, readonly string[]>
}

export interface ChangeRules {
  readonly patch: ReadonlyMap<string, PatchRule>
  readonly allowed_columns: readonly string[]
  readonly bounds: ReadonlyMap<string, Bounds>
  readonly transitions: ReadonlyMap<string, TransitionRule>
  /** `row`: no version column, every visible column is compared exactly under the lock. */
  readonly guard:
    | {
        readonly kind: 'column'
        readonly column: string
        readonly advance: 'timestamp' | 'integer' | 'database' | undefined
      }
    | { readonly kind: 'row' }
  readonly approval: {
    readonly mode: 'human' | 'operator' | 'policy'
    readonly required_role: string | null
    readonly required_approvals: number
    readonly separation_of_duties: boolean
  }
  readonly executor: { readonly type: string; readonly name: string | null }
  readonly expires_in_seconds: number
  readonly on_active_proposal: 'refuse' | 'supersede' | 'allow'
  readonly risk: 'low' | 'medium' | 'high' | undefined
}
