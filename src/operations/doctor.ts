import { validateConfig } from '../contract/validate.js'
import { RunnerError } from '../errors.js'
import type { LedgerCheck } from '../ledger/ledger.js'
import { type Check, checksOf } from './checks.js'
import { examineCapabilities } from './doctor-capabilities.js'
import { type Env, examineVariables } from './doctor-variables.js'
import { type Finding, toFinding } from './finding.js'
import type { Ports } from './ports.js'
import { within } from './within.js'

/** Looks the whole set-up over. Writes nothing, and never throws. */
export async function doctor(ports: Ports, env: Env): Promise<readonly Finding[]> {
  const checked = await Promise.all(checksOf(ports).map((check) => examineCheck(ports, check)))
  const broken = new Set(checked.flat().flatMap(({ name, severity }) => (severity === 'error' ? [name] : [])))
  return [
    { name: 'node', severity: 'ok', message: `This is Node.js ${process.versions.node}.` },
    ...examineContract(ports),
    ...examineVariables(ports, env),
    ...checked.flat(),
    ...(await examineCapabilities(ports, (source) => !broken.has(`source:${source}`))),
  ]
}

/** What the validator warns of has a place in the contract, and a remedy in its sentence. */
function examineContract({ contract }: Ports): readonly Finding[] {
  const { warnings } = validateConfig(contract.config)
  if (warnings.length === 0) return [{ name: 'contract', severity: 'ok', message: 'The contract is valid.' }]
  return warnings.map(({ path, message }) => ({
    name: 'contract',
    severity: 'warning',
    message: `${path}: ${message}`,
    next: 'Change the contract there, or accept the risk.',
  }))
}

async function examineCheck(ports: Ports, check: Check): Promise<readonly Finding[]> {
  try {
    if ('ledger' in check) return await examineLedger(ports, check)
    await inTime(check.run())
    return [{ name: check.name, severity: 'ok', message: check.fine }]
  } catch (error) {
    return [toFinding(check.name, error)]
  }
}

/** How long a check may take, in milliseconds. */
const LIMIT_MS = 10_000

function inTime<Result>(work: Promise<Result>): Promise<Result> {
  return within(work, {
    limit_ms: LIMIT_MS,
    late: () => {
      throw new RunnerError('BUSY', 'There was no answer in time.')
    },
  })
}

/** To try to write a ledger that is not there would make it. */
async function examineLedger({ ledger }: Ports, check: Extract<Check, { ledger: true }>): Promise<readonly Finding[]> {
  if ((await ledger.isMade?.()) === false) return [NOT_MADE]
  return healthyLedger(await inTime(check.run()))
}

const NOT_MADE: Finding = {
  name: 'ledger',
  severity: 'ok',
  message: 'The ledger is not made yet: the first read or proposal makes it.',
}

function healthyLedger({ engine, schema_version }: LedgerCheck): readonly Finding[] {
  const [name = engine] = engine.toLowerCase().split(' ')
  return [
    { name, severity: 'ok', message: `${engine} keeps the ledger.` },
    { name: 'ledger', severity: 'ok', message: `The ledger can be written. It has schema ${schema_version}.` },
  ]
}
