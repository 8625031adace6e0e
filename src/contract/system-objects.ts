const COLUMNS: ReadonlySet<string> = new Set([
  'ctid',
  'tableoid',
  'xmin',
  'xmax',
  'cmin',
  'cmax',
  'oid',
  'rowid',
  '_rowid',
  '_rowid_',
])

const SCHEMAS: ReadonlySet<string> = new Set(['information_schema', 'mysql', 'performance_schema', 'sys'])

/** True for a column that the database keeps for itself, on any engine and in any case. */
export function isSystemColumn(name: string): boolean {
  return COLUMNS.has(name.toLowerCase())
}

/** True for a schema that belongs to the database. PostgreSQL reserves every name that begins with `pg_`. */
export function isSystemSchema(name: string): boolean {
  const lower = name.toLowerCase()
  return SCHEMAS.has(lower) || lower.startsWith('pg_') || lower.startsWith('sqlite_')
}

/** True for a table that belongs to the database, whatever schema it is looked up in. */
export function isSystemTable(name: string): boolean {
  return /^(?:sqlite_|pg_)/i.test(name)
}
