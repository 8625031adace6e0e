import type { Contract } from '../capability/compile.js'
import type { Driver } from '../drivers/driver.js'
import type { Executors } from '../executors/executors.js'
import type { Ledger } from '../ledger/ledger.js'
import type { Approver } from '../policy/decide.js'
import type { Context } from '../protocol/proposal.js'
import type { TableRef } from '../sql/dialect.js'
import type { Limits } from './limits.js'
import type { RefusalCounts } from './refusal-counts.js'

/** What the operations need of the world outside. `runner.ts` picks the implementations. */
export interface Ports {
  readonly contract: Contract
  readonly sources: Sources
  /** How approved changes reach the app. */
  readonly executors: Executors
  readonly ledger: Ledger
  /** Where new records go: the ledger, or a run that has them recorded together with its own. */
  readonly records: Pick<Ledger, 'append' | 'recordRead'>
  /** On their way to the ledger. */
  readonly refusals: RefusalCounts
  readonly people: People
  readonly limits: Limits
  readonly clock: Clock
  readonly ids: Ids
  readonly logger: Logger
}

/** One database of the contract, opened on first use. */
export interface Source {
  readonly name: string
  readonly driver: Driver
  /** `null` where the ledger alone holds the receipts (`runner_ledger`). */
  readonly receipts: TableRef | null
  readonly read_only: boolean
  /** How long an attempt may take until its commit is sent, in milliseconds. */
  readonly attempt_ms: number
  /** How long after its beginning an attempt is decided for certain, in milliseconds. */
  readonly settled_ms: number
}

export interface SourcePlan {
  readonly receipts: TableRef | null
  readonly reader: string | undefined
  readonly writer: string | undefined
  /** The host gives its own connections, so that no variable is looked up. */
  readonly is_given: boolean
  /** There is something to write with: a file, a URL, or the host's connection. */
  readonly has_writer: boolean
}

export interface Sources {
  open(name: string): Promise<Source>
  /** Where a source keeps its receipts, and the roles that its URLs log in as, as far as they are set. Opens nothing. */
  plan(name: string): SourcePlan
  close(): Promise<void>
}

/** Establishes who a person is and which roles they hold now. */
export interface People {
  /** @throws RunnerError `APPROVER_UNKNOWN`. */
  identify(
    claim: { readonly id: string; readonly roles?: readonly string[] },
    about: { readonly tenant_id: string },
  ): Promise<Approver>
  /** As {@link identify}, for a decision recorded earlier: roles on record count only where the host vouches for them. */
  identifyAgain(recorded: Approver, about: { readonly tenant_id: string }): Promise<Approver>
}

export interface Clock {
  now(): Date
}

export interface Ids {
  /** A new id beginning with `prefix`, unique for ever, later ones sorting behind earlier ones. */
  next(prefix: 'wrp' | 'ev' | 'wbj' | 'rct' | 'lease' | 'qa' | 'run'): string
}

export interface Logger {
  info(message: string, details?: Readonly<Record<string, unknown>>): void
  warn(message: string, details?: Readonly<Record<string, unknown>>): void
}

/** Resolves the trusted context of one call by the name of a context in the contract. */
export type ContextOf = (name: string | undefined) => Context

/** Given by the host with a call, never by the model: the run and the step that it belongs to. */
export interface Link {
  readonly run_id: string
  readonly step_key: string
  readonly call_id?: string
}
