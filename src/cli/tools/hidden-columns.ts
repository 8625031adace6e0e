import type { Capability } from '../../capability/capability.js'
import type { Contract } from '../../capability/compile.js'
import { type ErrorCode, isRunnerError } from '../../errors.js'
import type { ColumnLookup } from './table-columns.js'

/** The columns of one table that no tool shows. */
export interface HiddenColumns {
  readonly source: string
  /** With its schema, where it has one. */
  readonly table: string
  readonly columns: readonly string[]
  /** Whether the database was asked. Else these are the ones that the contract names, and there may be more. */
  readonly is_complete: boolean
  /** Why it could not be asked. */
  readonly code?: ErrorCode
}

/** For each table that the contract names: what is in it and is shown by none of the `exposed` capabilities. */
export async function hiddenColumns(
  { capabilities }: Contract,
  exposed: ReadonlySet<string>,
  lookup: ColumnLookup | undefined,
): Promise<readonly HiddenColumns[]> {
  const tables = new Map<string, Capability[]>()
  for (const capability of capabilities.values()) {
    const key = `${capability.source} ${tableOf(capability)}`
    tables.set(key, [...(tables.get(key) ?? []), capability])
  }
  return Promise.all([...tables.values()].map((all) => hiddenIn(all, exposed, lookup)))
}

async function hiddenIn(
  all: readonly Capability[],
  exposed: ReadonlySet<string>,
  lookup: ColumnLookup | undefined,
): Promise<HiddenColumns> {
  const [first] = all
  const found = first === undefined || lookup === undefined ? {} : await ask(first, lookup)
  const visible = new Set(all.filter(({ name }) => exposed.has(name)).flatMap((each) => each.visible_columns))
  const columns = found.columns ?? [...new Set(all.flatMap(namedBy))]
  return {
    source: first?.source ?? '',
    table: first === undefined ? '' : tableOf(first),
    columns: columns.filter((column) => !visible.has(column)),
    is_complete: found.columns !== undefined,
    ...(found.code === undefined ? {} : { code: found.code }),
  }
}

interface Asked {
  readonly columns?: readonly string[]
  readonly code?: ErrorCode
}

/** A database that does not answer keeps nobody from looking at the tools. */
async function ask(capability: Capability, lookup: ColumnLookup): Promise<Asked> {
  try {
    return { columns: await lookup(capability) }
  } catch (error) {
    return { code: isRunnerError(error) ? error.code : 'INTERNAL' }
  }
}

function tableOf({ target: { schema, table } }: Capability): string {
  return schema === undefined ? table : `${schema}.${table}`
}

/** What the contract itself says is in the table. What an app-owned executor is sent need not be. */
function namedBy({ target, visible_columns, change }: Capability): readonly string[] {
  const { primary_key, tenant_key } = target
  const guard = change?.guard.kind === 'column' ? [change.guard.column] : []
  const written = change?.executor.type === 'sql_update' ? change.allowed_columns : []
  return [primary_key, ...(tenant_key === undefined ? [] : [tenant_key]), ...visible_columns, ...written, ...guard]
}
