/** The grants that a credential needs on one table, spelled alike on every engine that has grants. */
import type { Dialect, TableRef } from './dialect.js'

/** What a credential needs to do with one table. */
export interface TableNeed {
  readonly ref: TableRef
  /** Columns to read. `all`: whole rows, whatever columns there are. */
  readonly select: readonly string[] | 'all'
  /** Columns to set. */
  readonly update: readonly string[]
  readonly insert: boolean
}

/** The tables of a source, as its two credentials need them. */
export interface SourceNeeds {
  readonly receipts: TableRef | null
  readonly tables: readonly {
    readonly ref: TableRef
    readonly readable: readonly string[]
    readonly writable: readonly string[]
  }[]
}

/** What the reader needs: the columns that a capability reads, and nothing that could change them. */
export function readerNeeds({ tables }: SourceNeeds): readonly TableNeed[] {
  return tables.map(({ ref, readable }) => ({ ref, select: readable, update: [], insert: false }))
}

/**
 * What the writer needs. It reads whole rows, to prove that nothing else of a row changed, and can add receipts but
 * never change or remove one.
 */
export function writerNeeds({ receipts, tables }: SourceNeeds): readonly TableNeed[] {
  const written = tables.filter(({ writable }) => writable.length > 0)
  return [
    ...written.map(({ ref, writable }): TableNeed => ({ ref, select: 'all', update: writable, insert: false })),
    ...(receipts === null ? [] : [{ ref: receipts, select: 'all', update: [], insert: true } as const]),
  ]
}

/** One statement that grants the need to `account`, which is spelled as a statement names it. */
export function renderGrant({ quote, table }: Dialect, need: TableNeed, account: string): string {
  const names = (columns: readonly string[]) => columns.map((name) => quote(name)).join(', ')
  const rights = [
    need.select === 'all' ? 'select' : `select (${names(need.select)})`,
    ...(need.update.length === 0 ? [] : [`update (${names(need.update)})`]),
    ...(need.insert ? ['insert'] : []),
  ]
  return `grant ${rights.join(', ')} on ${table(need.ref)} to ${account};`
}
