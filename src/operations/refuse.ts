import { type ErrorCode, RunnerError } from '../errors.js'
import type { Envelope } from '../protocol/envelope.js'
import { errorEnvelope, toRunnerError } from './envelope.js'
import type { Ports } from './ports.js'

/** A refusal, and whom and what it concerns. */
export interface Refusal {
  /** Canonical name, or that of the tool; empty for what is neither. */
  readonly name: string
  /** Empty where nobody could say for whom the call was made. */
  readonly tenant_id: string
  readonly error: unknown
}

/** A call that a model is refused. */
export interface RefusedCall extends Refusal {
  readonly kind: Envelope['kind']
}

type RefusingPorts = Pick<Ports, 'clock' | 'logger' | 'refusals'>

/** Answers a model with a refusal, and counts it. Never throws. */
export function refuse(ports: RefusingPorts, call: RefusedCall): Envelope {
  return errorEnvelope(call.name, call.kind, toModelRefusal(recordRefusal(ports, call)))
}

/** What mends a ledger is nothing that a model can do, and no advice that it should give to itself. */
export function toModelRefusal(refusal: RunnerError): RunnerError {
  const { code, message, retry_after_ms } = refusal
  if (!code.startsWith('LEDGER_')) return refusal
  return new RunnerError(code, message, {
    next: 'Try again later, or tell the operator.',
    ...(retry_after_ms === undefined ? {} : { retry_after_ms }),
  })
}

/**
 * Counts a refusal; the ledger gets it later. What caused it stays here: the host's log gets its kind, never its text.
 * Never throws, whatever was thrown and whatever the host's logger and clock do.
 */
export function recordRefusal(ports: RefusingPorts, { name, tenant_id, error }: Refusal): RunnerError {
  const refusal = toRunnerError(error)
  quietly(() => log(ports, name, refusal))
  if (!OF_THE_LEDGER.has(refusal.code)) quietly(() => count(ports, { name, tenant_id, code: refusal.code }))
  return refusal
}

/** A ledger that cannot be used, or not now, is not asked to count that. */
const OF_THE_LEDGER: ReadonlySet<ErrorCode> = new Set([
  'BUSY',
  'LEDGER_UNAVAILABLE',
  'LEDGER_OUTDATED',
  'LEDGER_TOO_NEW',
])

interface Counted {
  readonly name: string
  readonly tenant_id: string
  readonly code: ErrorCode
}

function count({ clock, refusals }: RefusingPorts, { name, tenant_id, code }: Counted): void {
  refusals.add({ minute: `${clock.now().toISOString().slice(0, 16)}Z`, tenant_id, capability: name, code })
}

function log({ logger }: RefusingPorts, name: string, { message, code, cause }: RunnerError): unknown {
  // What is unexpected is told also where `undefined` was thrown.
  if (cause === undefined && code !== 'INTERNAL') return undefined
  return logger.warn(message, { code, capability: name, cause: describe(cause) })
}

/** A refusal must reach the model, whatever the host's own code does. */
function quietly(work: () => unknown): void {
  try {
    const result = work()
    if (result instanceof Promise) result.catch(() => undefined)
  } catch {
    // There is nobody left to tell.
  }
}

/** What was thrown and where, without its message: that may hold a secret, or what a row says. */
function describe(cause: unknown): Readonly<Record<string, string>> {
  try {
    return cause instanceof Error ? describeError(cause) : { name: typeof cause }
  } catch {
    return { name: typeof cause }
  }
}

function describeError(error: Error): Readonly<Record<string, string>> {
  const { name, message, stack } = error
  const code: unknown = 'code' in error ? error.code : undefined
  const at = placeIn(stack, message)
  return {
    name: WORD.test(name) ? name : 'Error',
    ...(typeof code === 'string' && WORD.test(code) ? { code } : {}),
    ...(at === undefined ? {} : { at }),
  }
}

const WORD = /^\w{1,64}$/

/** What a stack begins with: the name that the error had when it was made, and the code of those that Node.js throws. */
const HEAD = /^[\w$.]{1,64}(?: \[\w{1,64}\])?(?:: |(?=\n))/

/** A line of a stack, with the place at its end. */
const FRAME = /^ {4}at (\S.{0,400}:\d+:\d+\)?)$/

/**
 * The first place of a stack. The stack begins with the message, whose lines may look like places: where it begins
 * otherwise, nothing is read from it.
 */
function placeIn(stack: unknown, message: unknown): string | undefined {
  if (typeof stack !== 'string' || typeof message !== 'string') return undefined
  const head = HEAD.exec(stack)?.[0]
  if (head === undefined || !stack.startsWith(message, head.length)) return undefined
  const [rest, first = ''] = stack.slice(head.length + message.length).split('\n', 2)
  return rest === '' ? FRAME.exec(first)?.[1] : undefined
}
