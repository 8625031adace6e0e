import { type SourceCheck, sourceChecksOf } from './checks.js'
import { examineCapabilities } from './doctor-capabilities.js'
import { examineCredentials } from './doctor-credentials.js'
import { type Finding, toFinding } from './finding.js'
import { inTime } from './in-time.js'
import { migrations } from './migrations.js'
import type { Ports } from './ports.js'

/** Looks one source over: whether it answers, what its credentials may do, and each capability against its table. */
export async function examineSource(ports: Ports, source: string): Promise<readonly Finding[]> {
  const checked = await Promise.all(sourceChecksOf(ports, source).map((check) => examineCheck(ports, source, check)))
  const isBroken = checked.some(({ name, severity }) => name === `source:${source}` && severity === 'error')
  const deeper = isBroken ? [] : await examineDeeper(ports, source, checked)
  return [...checked, ...deeper].map((finding) => ({ source, ...finding }))
}

async function examineDeeper(ports: Ports, source: string, checked: readonly Finding[]): Promise<readonly Finding[]> {
  const [credentials, capabilities] = await Promise.all([
    inTime(examineCredentials(ports, source)).catch((error: unknown) => [toFinding(`reader:${source}`, error)]),
    inTime(examineCapabilities(ports, source)).catch((error: unknown) => [toFinding(`source:${source}`, error)]),
  ])
  const isTold = ({ code, severity }: Finding) =>
    severity === 'error' && checked.some((each) => each.severity === 'error' && each.code === code)
  // A writer that cannot log in was told of by its receipts.
  const writer = `writer:${source}`
  const rest = credentials.filter((each) => !(each.name === writer && each.reason === undefined && isTold(each)))
  return [...rest, ...withoutFits(capabilities, rest)]
}

/** A capability with a finding of its own is not said to be fine as well. */
function withoutFits(capabilities: readonly Finding[], others: readonly Finding[]): readonly Finding[] {
  const named = new Set(others.map(({ name }) => name))
  return capabilities.filter(({ name, severity }) => severity !== 'ok' || !named.has(name))
}

async function examineCheck(ports: Ports, source: string, check: SourceCheck): Promise<Finding> {
  try {
    await inTime(check.run())
    return { name: check.name, severity: 'ok', message: check.fine }
  } catch (error) {
    return withMend(ports, source, toFinding(check.name, error))
  }
}

/** The receipts table is made by an administrator as well as by `migrate`, and then the writer has to be let in. */
async function withMend(ports: Ports, source: string, finding: Finding): Promise<Finding> {
  if (!finding.name.startsWith('receipts:')) return finding
  if (finding.code === 'PRECONDITION_FAILED') return { ...finding, reason: finding.reason ?? 'RECEIPTS_UNFIT' }
  if (finding.code !== 'RECEIPTS_MISSING') return finding
  return { ...finding, reason: 'RECEIPTS_MISSING', mend: await receiptsSql(ports, source) }
}

async function receiptsSql(ports: Ports, name: string): Promise<string> {
  const { dialect } = (await ports.sources.open(name)).driver
  const { receipts, writer } = ports.sources.plan(name)
  const table = receipts === null ? '' : dialect.table(receipts)
  const ofSource = migrations(ports).filter(({ source }) => source === name)
  const lines = ofSource.flatMap(({ kind, sql }) => {
    if (kind === 'receipts') return [sql]
    return writer === undefined ? [] : sql.split('\n').filter((line) => line.includes(` on ${table} to `))
  })
  return lines.join('\n')
}
