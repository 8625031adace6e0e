import type { Capability } from '../capability/capability.js'
import { assertSettable, drift } from '../capability/change.js'
import { assertWritable } from '../capability/preconditions.js'
import { tableRef } from '../executors/sql.js'
import type { TableInfo } from '../protocol/table.js'
import { type Finding, toFinding } from './finding.js'
import type { Ports, Source } from './ports.js'
import { columnsOf, makePlan } from './source-read.js'

/** Holds each capability against its table as the database describes it now, where `isReachable` says so of its source. */
export async function examineCapabilities(
  ports: Ports,
  isReachable: (source: string) => boolean,
): Promise<readonly Finding[]> {
  const capabilities = [...ports.contract.capabilities.values()].filter(({ source }) => isReachable(source))
  const findings: Finding[] = []
  // One after the other: a database is not asked for a hundred tables at once.
  for (const capability of capabilities) findings.push(...(await examineCapability(ports, capability)))
  return findings
}

async function examineCapability(ports: Ports, capability: Capability): Promise<readonly Finding[]> {
  const name = `capability:${capability.name}`
  try {
    const source = await ports.sources.open(capability.source)
    const table = await source.driver.describe(tableRef(capability), { fresh: true })
    const problems = problemsOf(source, capability, table).map((error) => toFinding(name, error))
    if (problems.length > 0) return problems
    const risks = risksOf(capability, table)
    if (risks.length > 0) return risks.map((message) => ({ name, severity: 'warning', message, next: RISK }))
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

/** What the database says of the table that does not stop a write of ours. */
function risksOf({ change }: Capability, table: TableInfo): readonly string[] {
  if (change === undefined) return []
  const warned = table.problems.filter(({ severity }) => severity === 'warn')
  return warned.map(({ message }) => `Table ${table.ref.table}: ${message}`)
}
