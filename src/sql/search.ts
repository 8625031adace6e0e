/** What a read compares for equality. */
export interface Search {
  /** The column of the key, where it asks for one row. */
  readonly key?: string | undefined
  /** The column of the tenant, where the table has one. */
  readonly tenant?: string | undefined
}

/**
 * Whether the engine finds the rows of a read by an index. A row is found by its key as well as within its tenant; what
 * lists rows has its tenant alone to find them by.
 *
 * @param indexes The leading columns of each index that serves an equality.
 */
export function isServed(indexes: readonly (readonly string[])[], { key, tenant }: Search): boolean {
  const compared = [key, tenant].filter((column) => column !== undefined)
  return compared.length === 0 || indexes.some(([first]) => first !== undefined && compared.includes(first))
}
