import type { Engine, TableRef } from './dialect.js'
import { createReceipts as createMysqlReceipts, grants as mysqlGrants } from './mysql-update.js'
import { createReceipts as createPostgresReceipts, grants as postgresGrants } from './postgres-receipts.js'
import { createReceipts as createSqliteReceipts } from './sqlite-update.js'
import type { SourceNeeds } from './table-grants.js'

/** What the two roles of a source need, in names. */
export interface MigrationRequest extends SourceNeeds {
  readonly reader: string
  readonly writer: string
}

/** SQL for a person to read and run. `null` for what the engine or the source does not need. */
export interface RenderedMigrations {
  readonly receipts: string | null
  readonly grants: string | null
}

const RENDER: Record<Engine, { receipts(table: TableRef): string; grants(request: MigrationRequest): string | null }> =
  {
    postgres: { receipts: (table) => `${createPostgresReceipts(table)};`, grants: postgresGrants },
    mysql: { receipts: (table) => `${createMysqlReceipts(table)};`, grants: mysqlGrants },
    sqlite: { receipts: createSqliteReceipts, grants: () => null },
  }

/** Renders the receipts table and the grants of one source. Pure: nothing is opened. */
export function renderMigrations(engine: Engine, request: MigrationRequest): RenderedMigrations {
  const render = RENDER[engine]
  return {
    receipts: request.receipts === null ? null : render.receipts(request.receipts),
    grants: render.grants(request),
  }
}
