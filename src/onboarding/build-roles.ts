/** SQL for an administrator to read and run: two roles that can do what the contract asks for and no more. */
import { compileContract } from '../capability/compile.js'
import { personName } from '../contract/names.js'
import type { ParsedConfig } from '../contract/schema.js'
import { RunnerError } from '../errors.js'
import { tablesOf } from '../operations/migrations.js'
import type { Engine } from '../protocol/table.js'
import { type MigrationRequest, renderMigrations } from '../sql/migrations.js'
import { createMysqlUsers } from './mysql-users.js'
import { createPostgresRoles } from './postgres-roles.js'

/** How the roles are to be called. */
export interface RoleNames {
  readonly reader: string
  readonly writer: string
}

export const ROLE_NAMES: RoleNames = { reader: 'synapsor_reader', writer: 'synapsor_writer' }

/** Which roles are made, and where they work. */
export interface RolesRequest extends RoleNames {
  /** `false` where no SQL of ours is written: then there is no writer. */
  readonly writes: boolean
  readonly schemas: readonly string[]
}

const CREATE: Readonly<Record<Engine, ((request: RolesRequest) => string) | undefined>> = {
  postgres: createPostgresRoles,
  mysql: createMysqlUsers,
  sqlite: undefined,
}

/**
 * Renders the roles, the receipts table and the grants of the one source of a contract. No password is in it.
 *
 * @throws RunnerError `INVALID_ARGUMENT` for a name that a comment of the SQL could not hold.
 */
export function buildRoles(config: ParsedConfig, names: RoleNames = ROLE_NAMES): string {
  for (const name of [names.reader, names.writer]) assertName(name)
  const [first] = Object.entries(config.sources)
  if (first === undefined) return ''
  const [source, { engine, receipts }] = first
  const tables = tablesOf({ contract: compileContract(config) }, source)
  const writes = tables.some(({ writable }) => writable.length > 0)
  const request: MigrationRequest = {
    receipts: writes ? receiptsTable(receipts) : null,
    tables,
    reader: names.reader,
    // Whoever does not write needs no role of its own.
    writer: writes ? names.writer : names.reader,
  }
  const schemas = [...new Set(tables.flatMap(({ ref }) => ref.schema ?? []))]
  const sql = renderMigrations(engine, request)
  const parts = [
    CREATE[engine]?.({ ...names, writes, schemas }),
    titled('The table of receipts: what was applied, at most once.', sql.receipts),
    titled('What they may do, and no more.', sql.grants),
  ]
  return parts.filter((part) => part !== undefined).join('\n\n')
}

/** Names stand in comments too: one with a line break would end its comment. */
function assertName(name: string): void {
  if (personName().safeParse(name).success && Buffer.byteLength(name) <= MAX_BYTES) return
  throw new RunnerError('INVALID_ARGUMENT', 'The name of a role is not one that can be used.', {
    next: `Give 1 to ${MAX_BYTES} bytes of visible characters, with no blank at either end.`,
  })
}

const MAX_BYTES = 63

function receiptsTable({ schema, table }: { readonly schema?: string; readonly table: string }) {
  return schema === undefined ? { table } : { schema, table }
}

function titled(title: string, sql: string | null): string | undefined {
  return sql === null ? undefined : `-- ${title}\n${sql.trimEnd()}`
}
