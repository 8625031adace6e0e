import type { TableInfo, TableRef } from '../sql/dialect.js'

/** Descriptions of tables, asked for once each. */
export interface SchemaCache<Description> {
  describe(table: TableRef, options?: { readonly fresh?: boolean }): Promise<Description>
  forget(table: TableRef): void
}

/** Keeps what `load` gives. Callers at one time share one load; one that fails is not kept. */
export function createSchemaCache<Description = TableInfo>(
  load: (table: TableRef) => Promise<Description>,
): SchemaCache<Description> {
  const known = new Map<string, Promise<Description>>()

  const ask = (name: string, table: TableRef): Promise<Description> => {
    const loading = load(table)
    known.set(name, loading)
    loading.catch(() => {
      if (known.get(name) === loading) known.delete(name)
    })
    return loading
  }

  return {
    describe(table, { fresh = false } = {}) {
      const name = nameOf(table)
      return (fresh ? undefined : known.get(name)) ?? ask(name, table)
    },
    forget: (table) => void known.delete(nameOf(table)),
  }
}

function nameOf({ schema, table }: TableRef): string {
  // No name can hold NUL, so that two names never run together into a third.
  return `${schema ?? ''}\0${table}`
}
