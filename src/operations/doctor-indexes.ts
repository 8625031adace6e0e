import type { Capability } from '../capability/capability.js'
import type { Credential } from '../drivers/privileges.js'
import { tableRef } from '../executors/sql.js'
import type { Dialect, TableRef } from '../sql/dialect.js'
import { isServed, type Search } from '../sql/search.js'
import type { Finding } from './finding.js'

/** Whether what each capability reads by is what an index begins with. */
export function examineIndexes(
  capabilities: readonly Capability[],
  reader: Credential,
  dialect: Dialect,
): readonly Finding[] {
  const told = new Set<string>()
  return capabilities.flatMap((capability) => {
    const search = searchOf(capability)
    const rights = reader.tables.find(({ ref }) => isSame(ref, tableRef(capability)))
    if (rights === undefined || isServed(rights.indexes, search)) return []
    const key = JSON.stringify([rights.ref, search])
    if (told.has(key)) return []
    told.add(key)
    return [notIndexed(capability, rights.ref, dialect)]
  })
}

function searchOf({ lookup, target: { primary_key, tenant_key } }: Capability): Search {
  return { key: lookup === undefined ? undefined : primary_key, tenant: tenant_key }
}

function isSame(one: TableRef, other: TableRef): boolean {
  return one.schema === other.schema && one.table === other.table
}

function notIndexed({ name, source, lookup, target }: Capability, ref: TableRef, dialect: Dialect): Finding {
  const key = lookup === undefined ? [] : [target.primary_key]
  const columns = [...(target.tenant_key === undefined ? [] : [target.tenant_key]), ...key]
  const index = dialect.quote(`${ref.table}_${columns.join('_')}`.slice(0, 60))
  return {
    name: `capability:${name}`,
    source,
    severity: 'warning',
    reason: 'TENANT_NOT_INDEXED',
    message: `No index of table ${ref.table} begins with ${columns.join(' or ')}, so that every read walks the whole table.`,
    next: 'Make an index for it.',
    mend: `create index ${index} on ${tableOf(dialect, ref)} (${columns.map((column) => dialect.quote(column)).join(', ')});`,
  }
}

/** SQLite makes an index where its table is, and takes no other place. */
function tableOf(dialect: Dialect, ref: TableRef): string {
  return dialect.engine === 'sqlite' ? dialect.quote(ref.table) : dialect.table(ref)
}
