import { VERBS } from '../tools/preview.js'
import type { Gathered } from './gather.js'

/** What the database has and an agent is not shown, and what no agent can do. */
export interface NotExposed {
  /** Tables that were not chosen; `null` where the database was not asked. */
  readonly tables: readonly string[] | null
  /** Columns of the table that are not shown; `null` where the database was not asked. */
  readonly columns: readonly string[] | null
  /** What no tool of any contract does. */
  readonly verbs: readonly string[]
}

export function notExposed({ selection, assessment, catalogue }: Gathered): NotExposed {
  const tables = catalogue?.tables.filter((each) => each !== assessment).map(({ table }) => nameOf(table))
  const columns = assessment?.table.columns.map(({ name }) => name)
  return {
    tables: tables ?? null,
    columns: columns?.filter((name) => !selection.visible_columns.includes(name)) ?? null,
    verbs: VERBS,
  }
}

function nameOf({ schema, table }: { readonly schema: string | null; readonly table: string }): string {
  return schema === null ? table : `${schema}.${table}`
}
