import type { Arrival, Reply } from './arrival.js'
import { refusal } from './gate.js'
import type { HostRules } from './hosts.js'

/** One thing that a server needs, and whether it has it. */
export interface ReadyCheck {
  readonly name: string
  readonly ok: boolean
  /** Why not, as a code. Nothing else is told. */
  readonly code?: string
}

/** Answers those who watch over a server; `undefined` for every other request. */
export type Probes = (arrival: Arrival) => Promise<Reply> | undefined

/** How long an answer is good: nobody has a database asked as often as they like. */
const FRESH_MS = 1000
const LONGEST_MS = 5000

export function createProbes(ready: (() => Promise<readonly ReadyCheck[]>) | undefined, { isHost }: HostRules): Probes {
  let asked: { readonly at: number; readonly checks: Promise<readonly ReadyCheck[] | undefined> } | undefined
  const ask = () => {
    if (asked === undefined || Date.now() - asked.at > FRESH_MS) asked = { at: Date.now(), checks: checksOf(ready) }
    return asked.checks
  }
  const answer = async (arrival: Arrival): Promise<Reply> => {
    if (arrival.path === '/healthz') return json(200, { status: 'ok' })
    if (!isHost(arrival.header('host')))
      return { ...refusal(403, 'This server does not answer to this host.'), isLast: true }
    const checks = await ask()
    const isReady = checks?.every(({ ok }) => ok) ?? false
    return json(isReady ? 200 : 503, { status: isReady ? 'ready' : 'not_ready', checks: checks ?? [] })
  }
  return (arrival) => (isProbe(arrival) ? answer(arrival) : undefined)
}

function isProbe({ path, method }: Arrival): boolean {
  return (path === '/healthz' || path === '/readyz') && (method === 'GET' || method === 'HEAD')
}

/** `undefined` where nobody could say. */
async function checksOf(ready: (() => Promise<readonly ReadyCheck[]>) | undefined) {
  if (ready === undefined) return []
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, LONGEST_MS, undefined)
  })
  try {
    const checks = await Promise.race([ready(), late])
    return checks?.map(toShown)
  } catch {
    return undefined
  } finally {
    clearTimeout(timer)
  }
}

function toShown({ name, ok, code }: ReadyCheck): ReadyCheck {
  const isCode = code !== undefined && /^[A-Za-z0-9_]{1,64}$/.test(code)
  return { name: String(name), ok: ok === true, ...(isCode ? { code } : {}) }
}

function json(status: number, value: object): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(value),
    isLast: true,
  }
}
