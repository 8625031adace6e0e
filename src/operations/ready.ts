import type { ErrorCode } from '../errors.js'
import { type Check, checksOf } from './checks.js'
import { toRunnerError } from './envelope.js'
import type { Ports } from './ports.js'
import { within } from './within.js'

/** One thing that the runner needs, and whether it can be used now. */
export interface Readiness {
  /** `ledger`, `source:<name>` or `receipts:<name>`. */
  readonly name: string
  readonly ok: boolean
  /** Why it cannot be used. `BUSY` where it gave no answer in time. */
  readonly code?: ErrorCode
}

/** How long a check may take, in milliseconds. */
const LIMIT_MS = 2000

/**
 * Asks everything that the runner needs, all at once. A check that has not ended is not begun again, so that who asks
 * time and again cannot pile up connections.
 */
export function createReadiness(ports: Ports): () => Promise<readonly Readiness[]> {
  const running = new Map<string, Promise<Readiness>>()

  const ask = (check: Check): Promise<Readiness> => {
    const earlier = running.get(check.name)
    if (earlier !== undefined) return earlier
    const asked = answer(check).finally(() => running.delete(check.name))
    running.set(check.name, asked)
    return asked
  }

  return () => Promise.all(checksOf(ports).map((check) => inTime(check.name, ask(check))))
}

async function answer({ name, run }: Check): Promise<Readiness> {
  try {
    await run()
    return { name, ok: true }
  } catch (error) {
    return { name, ok: false, code: toRunnerError(error).code }
  }
}

function inTime(name: string, asked: Promise<Readiness>): Promise<Readiness> {
  return within(asked, { limit_ms: LIMIT_MS, late: () => ({ name, ok: false, code: 'BUSY' }) })
}
