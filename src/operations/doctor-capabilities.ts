import type { Capability } from '../capability/capability.js'
import { assertSettable, drift } from '../capability/change.js'
import { assertWritable } from '../capability/preconditions.js'
import { tableRef } from '../executors/sql.js'
import type { ColumnInfo, TableInfo } from '../protocol/table.js'
import type { Dialect } from '../sql/dialect.js'
import { listed } from './doctor-view.js'
import { type Finding, toFinding } from './finding.js'
import type { Ports, Source } from './ports.js'
import { isReason } from './reasons.js'
import { columnsOf, makePlan } from './source-read.js'

/** Holds each capability of a source against its table as the database describes it now. */
export async function examineCapabilities(ports: Ports, name: string): Promise<readonly Finding[]> {
  const source = await ports.sources.open(name)
  const capabilities = [...ports.contract.capabilities.values()].filter((each) => each.source === name)
  const described = new Map<string, Promise<TableInfo>>()
  const describe = (capability: Capability): Promise<TableInfo> => {
    const ref = tableRef(capability)
    const key = JSON.stringify([ref.schema, ref.table])
    const table = described.get(key) ?? source.driver.describe(ref, { fresh: true })
    described.set(key, table)
    return table
  }
  const findings: Finding[] = []
  // One after the other: a database is not asked for a hundred tables at once.
  for (const capability of capabilities) {
    findings.push(...(await examineCapability(source, capability, () => describe(capability))))
  }
  return findings
}

async function examineCapability(
  source: Source,
  capability: Capability,
  describe: () => Promise<TableInfo>,
): Promise<readonly Finding[]> {
  const name = `capability:${capability.name}`
  try {
    const table = await describe()
    const problems = problemsOf(source, capability, table).map((error) => toFinding(name, error))
    if (problems.length > 0) return problems
    const risks = [
      ...risksOf(capability, table),
      ...nullableVersion(source, capability, table),
      ...triggersOf(capability, table),
    ]
    if (risks.length > 0) return risks.map((risk) => ({ name, severity: 'warning', next: RISK, ...risk }))
    return [{ name, severity: 'ok', message: `${capability.name} fits table ${table.ref.table}.` }]
  } catch (error) {
    return [toFinding(name, error)]
  }
}

const RISK = 'Change the table, or accept the risk.'

/** Every check that a call would make of its table, so that none is found out one call at a time. */
function problemsOf(source: Source, capability: Capability, table: TableInfo): readonly unknown[] {
  const missing = columnsOf(capability, table).filter((column) => !table.columns.has(column))
  if (missing.length > 0) return missing.map((column) => drift(table, column))
  const { change } = capability
  return [
    ...thrownBy(() => makePlan(source, capability, table)),
    ...(change === undefined ? [] : thrownBy(() => assertWritable(capability, change, table))),
    ...(change?.executor.type === 'sql_update' ? [...change.patch.keys()] : []).flatMap((column) =>
      thrownBy(() => assertSettable(table, column)),
    ),
  ]
}

function thrownBy(work: () => unknown): readonly unknown[] {
  try {
    work()
    return []
  } catch (error) {
    return [error]
  }
}

type Risk = Pick<Finding, 'message' | 'reason' | 'next' | 'mend'>

/** What the database says of the table that does not stop a write of ours. */
function risksOf({ change }: Capability, table: TableInfo): readonly Risk[] {
  if (change === undefined) return []
  const warned = table.problems.filter(({ severity }) => severity === 'warn')
  return warned.map(({ code, message }) => ({
    message: `Table ${table.ref.table}: ${message}`,
    ...(isReason(code) ? { reason: code } : {}),
  }))
}

/** A row whose version is NULL is refused when it is proposed. */
function nullableVersion({ driver: { dialect } }: Source, { change }: Capability, table: TableInfo): readonly Risk[] {
  if (change?.executor.type !== 'sql_update' || change.guard.kind !== 'column') return []
  const column = table.columns.get(change.guard.column)
  if (column?.nullable !== true) return []
  const mend = requireValue(dialect, table, column)
  return [
    {
      reason: 'VERSION_NULLABLE',
      message: `Version column ${column.name} of table ${table.ref.table} may be NULL, and a row without a version cannot be proposed.`,
      next: 'Fill it where it is NULL, then require it.',
      ...(mend === undefined ? {} : { mend }),
    },
  ]
}

/** They run with the rights of the writer, and what they move besides is not what was approved. */
function triggersOf({ change }: Capability, { ref, trigger_names = [] }: TableInfo): readonly Risk[] {
  if (change?.executor.type !== 'sql_update' || trigger_names.length === 0) return []
  // One is there to move the version, as the contract says.
  const isExpected = change.guard.kind === 'column' && change.guard.advance === 'database'
  if (isExpected && trigger_names.length === 1) return []
  return [
    {
      reason: 'TRIGGERS',
      message: `Table ${ref.table} has triggers: ${listed(trigger_names)}. One that changes other columns on an update makes every apply fail; one that writes elsewhere needs rights of its own.`,
      next: 'Look at what they do on an update. Where they move more than the change, name an executor of the app instead of direct SQL.',
    },
  ]
}

function requireValue(dialect: Dialect, { ref }: TableInfo, { name, type }: ColumnInfo): string | undefined {
  const alter = `alter table ${dialect.table(ref)}`
  if (dialect.engine === 'postgres') return `${alter} alter column ${dialect.quote(name)} set not null;`
  return dialect.engine === 'mysql' ? `${alter} modify column ${dialect.quote(name)} ${type} not null;` : undefined
}
