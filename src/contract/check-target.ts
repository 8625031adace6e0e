import { type ContractProblem, problem } from './problems.js'
import type { Subject } from './subject.js'
import { isSystemColumn, isSystemSchema, isSystemTable } from './system-objects.js'

const TENANT_KEY = 'Add `tenant_key`, the column that holds the tenant, or `single_tenant_dev: true` for development.'

/** Every target is bound to a tenant and is no table of the database's own. */
export function* checkTarget({ capability, path, source }: Subject): Iterable<ContractProblem> {
  const { target } = capability
  if (target === undefined) return
  const at = [...path, 'target']

  if (target.tenant_key === undefined) {
    if (target.single_tenant_dev !== true) yield problem('TENANT_KEY_MISSING', [...at, 'tenant_key'], TENANT_KEY)
    else {
      const message = 'Every session sees every row of this table. Use `single_tenant_dev` for development only.'
      yield problem('SINGLE_TENANT', [...at, 'single_tenant_dev'], message)
    }
  } else if (target.single_tenant_dev === true) {
    const message = 'Remove `single_tenant_dev`: the target has a tenant column.'
    yield problem('INVALID_VALUE', [...at, 'single_tenant_dev'], message)
  }
  yield* checkSchema(target.schema, { at, engine: source?.engine })
  yield* checkTable(target.table, { at, source })
  if (target.primary_key !== undefined && target.primary_key === target.tenant_key) {
    yield problem('INVALID_VALUE', [...at, 'primary_key'], 'Name the key of one row; the tenant column holds many.')
  }
  for (const key of ['primary_key', 'tenant_key'] as const) {
    const column = target[key]
    if (column !== undefined && isSystemColumn(column)) {
      yield problem('SYSTEM_OBJECT', [...at, key], `Name a column of the table: \`${column}\` belongs to the database.`)
    }
  }
}

interface SchemaPlace {
  readonly at: readonly (string | number)[]
  readonly engine: string | undefined
}

function* checkSchema(schema: string | undefined, { at, engine }: SchemaPlace): Iterable<ContractProblem> {
  const path = [...at, 'schema']
  if (schema === undefined) return
  if (isSystemSchema(schema)) {
    yield problem('SYSTEM_OBJECT', path, `Name another schema: \`${schema}\` belongs to the database.`)
  }
  if (engine === 'sqlite' && schema !== 'main') {
    yield problem('INVALID_VALUE', path, 'Leave `schema` out, or write `main`: an SQLite file has no other.')
  }
}

interface TablePlace {
  readonly at: readonly (string | number)[]
  readonly source: Subject['source']
}

function* checkTable(table: string | undefined, { at, source }: TablePlace): Iterable<ContractProblem> {
  if (table === undefined) return
  const receipts = source?.receipts?.table ?? 'synapsor_writeback_receipts'
  if (isSystemTable(table) || table.toLowerCase() === receipts.toLowerCase()) {
    const message = `Name another table: \`${table}\` belongs to the database or to the runner.`
    yield problem('SYSTEM_OBJECT', [...at, 'table'], message)
  }
}
