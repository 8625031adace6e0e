import type { ApprovedChange, HandlerDatabase } from '../../../src/handler/index.js'

/** An app's database with invoices of two tenants and a receipts table, and what a test does to it. */
export interface HandlerWorld<Tx> {
  readonly database: HandlerDatabase<Tx>
  /** Waits for locks a second at most. */
  readonly impatient: HandlerDatabase<Tx>
  /** Over a receipts table that is not there. */
  readonly unmigrated: HandlerDatabase<Tx>
  /** What the app does: sets the fee, moves the version on, and leaves a credit. Answers how many rows that were. */
  waive(job: ApprovedChange, tx: Tx): Promise<number>
  /** Runs a statement that must fail in the transaction of the app. */
  fail(tx: Tx): Promise<unknown>
  /** Ends the transaction, as no app may: so that what was written stays, or is gone. */
  end(tx: Tx): Promise<void>
  rollBack(tx: Tx): Promise<void>
  /** Settings of the app's session that decide how values look, and how long it waits. */
  settings(tx: Tx): Promise<readonly string[]>
  /** The same, of a session of the app outside of any request. */
  ownSettings(): Promise<readonly string[]>
  /** Runs a statement as the administrator; rows come as text. */
  sql(text: string): Promise<readonly (readonly (string | null)[])[]>
  /** Holds the row of an invoice until it is released. */
  hold(id: string): Promise<() => Promise<void>>
  /** Where the app's role logs in, and the same database over another way to it. Empty where there is no network. */
  readonly url: string
  through(url: string): { readonly database: HandlerDatabase<Tx>; close(): Promise<void> }
  drop(): Promise<void>
}

/** `at` is a moment with microseconds, `serial` a whole number beyond 2^53. */
export interface Types {
  readonly text: string
  readonly moment: string
  readonly wall_clock: string
  readonly bigint: string
  readonly decimal: string
  readonly boolean: string
  readonly options: string
}

export function schemaOf({ text, moment, wall_clock, bigint, decimal, boolean, options }: Types): readonly string[] {
  return [
    `create table invoices (id ${text} not null primary key, tenant_id ${text} not null, late_fee integer not null,
      amount ${decimal} not null, open ${boolean} not null, note ${text}, version integer not null,
      serial ${bigint} not null, at ${moment} not null, due ${wall_clock} not null) ${options}`,
    `create table credits (tenant_id ${text} not null, invoice_id ${text} not null, proposal_id ${text} not null) ${options}`,
  ]
}

export const SERIAL = '9007199254740993'
export const AT = '2026-03-01 04:05:06.123456'
export const DUE = '2026-04-01 00:00:00.000001'

/** What invoice INV-1 of tenant acme, and one of the same look of globex, are made from. */
export function seedOf({ at, yes }: { readonly at: string; readonly yes: string }): readonly string[] {
  const row = (id: string, tenant: string) =>
    `insert into invoices values ('${id}', '${tenant}', 1500, 12.50, ${yes}, 'née', 7, ${SERIAL}, '${at}', '${DUE}')`
  return [row('INV-1', 'acme'), row('INV-2', 'globex')]
}
