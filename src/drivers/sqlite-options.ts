/** How a connection to a SQLite file is set up. */
export type Role = 'reader' | 'writer'

/** What a host gives `new DatabaseSync(path, options)`, so that the driver can use that connection. */
export interface SqliteConnectionOptions {
  readonly readOnly: boolean
  readonly enableForeignKeyConstraints: true
}

/** The options of a host's own connection. Reader and writer may be one connection, then the writer's. */
export function hostConnectionOptions(role: Role): SqliteConnectionOptions {
  return { readOnly: role === 'reader', enableForeignKeyConstraints: true }
}

/** How long a statement may block the process. What takes longer is tried again after a pause. */
export const BUSY_TIMEOUT_MS = 5

/** What a connection of our own is told first. An answer that a power cut can take back must not become a receipt. */
export function setupStatements(role: Role): string {
  return role === 'reader' ? 'pragma query_only = on' : 'pragma foreign_keys = on; pragma synchronous = full'
}
