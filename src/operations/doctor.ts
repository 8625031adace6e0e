import { validateConfig } from '../contract/validate.js'
import { VERSION } from '../protocol/version.js'
import { examineExecutors } from './doctor-executors.js'
import { examineLedger } from './doctor-ledger.js'
import { examineSource } from './doctor-source.js'
import { type Env, examineVariables } from './doctor-variables.js'
import { type Finding, toFinding } from './finding.js'
import { inTime } from './in-time.js'
import type { Ports } from './ports.js'

/** What {@link doctor} looks at. */
export interface DoctorOptions {
  /** Only this source of the contract, and what is about none. @defaultValue every source */
  readonly source?: string
}

/** Looks the whole set-up over. Writes nothing, and never throws. */
export async function doctor(ports: Ports, env: Env, { source }: DoctorOptions = {}): Promise<readonly Finding[]> {
  const sources = Object.keys(ports.contract.config.sources).filter((name) => source === undefined || name === source)
  const [ledger, executors, ...ofSources] = await Promise.all([
    guarded('ledger', () => lookAtLedger(ports)),
    guarded('executors', () => examineExecutors(ports, ports.executors, source)),
    ...sources.map((name) => guarded(`source:${name}`, () => examineSource(ports, name))),
  ])
  return [
    {
      name: 'node',
      severity: 'ok',
      message: `This is @synapsor/runner ${VERSION} on Node.js ${process.versions.node}.`,
    },
    ...examineContract(ports),
    ...examineVariables(ports, env),
    ...ledger,
    ...(source === undefined || sources.length > 0 ? [] : [unknownSource(ports)]),
    ...ofSources.flat(),
    ...executors,
  ]
}

/** Without it, a name that nobody has would pass for a healthy source. */
function unknownSource({ contract }: Ports): Finding {
  return {
    name: 'contract',
    severity: 'error',
    code: 'CONFIG_INVALID',
    message: 'The contract has no source of the name that was asked for.',
    next: `Its sources are: ${Object.keys(contract.config.sources).join(', ')}.`,
  }
}

/** What goes wrong while looking is a finding as well. */
async function guarded(name: string, look: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await look()
  } catch (error) {
    return [toFinding(name, error)]
  }
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

/** To try to write a ledger that is not there would make it. */
async function lookAtLedger({ ledger }: Ports): Promise<readonly Finding[]> {
  if ((await ledger.isMade?.()) === false) return [NOT_MADE]
  const check = await inTime(ledger.check())
  return inTime(examineLedger(ledger, check))
}

const NOT_MADE: Finding = {
  name: 'ledger',
  severity: 'ok',
  message: 'The ledger is not made yet: the first read or proposal makes it.',
}
