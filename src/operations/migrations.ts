import { guardedColumns } from '../capability/change.js'
import { RunnerError } from '../errors.js'
import { type MigrationRequest, renderMigrations } from '../sql/migrations.js'
import type { Ports } from './ports.js'

/** SQL for a person to read and run: the receipts table, or what the two roles need. */
export interface Migration {
  readonly source: string
  readonly kind: 'receipts' | 'grants'
  readonly sql: string
}

/** Lists the SQL that every source of the contract needs. Opens nothing. */
export function migrations(ports: Ports): readonly Migration[] {
  return Object.entries(ports.contract.config.sources).flatMap(([source, { engine }]) => {
    const { receipts, reader, writer } = ports.sources.plan(source)
    const sql = renderMigrations(engine, {
      receipts: isWrittenByApps(ports, source) ? null : receipts,
      tables: tablesOf(ports, source),
      reader: reader ?? READER,
      writer: writer ?? WRITER,
    })
    return [
      ...(sql.receipts === null ? [] : [{ source, kind: 'receipts' as const, sql: sql.receipts }]),
      ...(sql.grants === null ? [] : [{ source, kind: 'grants' as const, sql: sql.grants }]),
    ]
  })
}

/** Whether every change of a source goes through the app, so that none leaves a receipt of ours there. */
function isWrittenByApps({ contract }: Pick<Ports, 'contract'>, name: string): boolean {
  const changes = [...contract.capabilities.values()].flatMap(({ source, change }) =>
    source === name && change !== undefined ? [change] : [],
  )
  return changes.length > 0 && changes.every(({ executor }) => executor.type !== 'sql_update')
}

/** Stand in for the roles while the URLs are not set. */
const READER = 'reader_role'
const WRITER = 'writer_role'

/** Creates the receipts table of a source through its writer credential. Safe to run again. */
export async function migrate(ports: Ports, name: string): Promise<void> {
  const source = await ports.sources.open(name)
  if (source.receipts === null || source.read_only) {
    throw new RunnerError('PRECONDITION_FAILED', `Source ${name} holds no receipts.`, {
      details: { source: name },
      next: 'Nothing has to be migrated.',
    })
  }
  await source.driver.migrate(source.receipts)
}

/** Which columns of which tables the capabilities of a source read and write. */
export function tablesOf(ports: Pick<Ports, 'contract'>, name: string): MigrationRequest['tables'] {
  const tables = new Map<string, { schema: string | undefined; table: string; read: Set<string>; write: Set<string> }>()
  for (const { source, target, visible_columns, change } of ports.contract.capabilities.values()) {
    if (source !== name) continue
    const key = JSON.stringify([target.schema, target.table])
    const entry = tables.get(key) ?? { schema: target.schema, table: target.table, read: new Set(), write: new Set() }
    tables.set(key, entry)
    const scope = target.tenant_key === undefined ? [target.primary_key] : [target.primary_key, target.tenant_key]
    for (const column of [...visible_columns, ...scope]) entry.read.add(column)
    if (change === undefined) continue
    const version = change.guard.kind === 'column' ? [change.guard.column] : []
    for (const column of [...guardedColumns(change, visible_columns), ...version]) entry.read.add(column)
    if (change.executor.type !== 'sql_update') continue
    for (const column of [...change.allowed_columns, ...version]) entry.write.add(column)
  }
  return [...tables.values()].map(({ schema, table, read, write }) => ({
    ref: schema === undefined ? { table } : { schema, table },
    readable: [...read].sort(),
    writable: [...write].sort(),
  }))
}
