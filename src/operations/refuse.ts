import type { Envelope } from '../protocol/envelope.js'
import { errorEnvelope, toRunnerError } from './envelope.js'
import type { Ports } from './ports.js'

/** A call that a model is refused. */
export interface Refused {
  /** Canonical name, or that of the tool; empty for what is neither. */
  readonly name: string
  readonly kind: Envelope['kind']
  /** Empty where nobody could say for whom the call was made. */
  readonly tenant_id: string
  readonly error: unknown
}

/** Answers a model with a refusal, and counts it. What caused it stays here: the host's log gets its kind, never its text. */
export async function refuse(ports: Ports, { name, kind, tenant_id, error }: Refused): Promise<Envelope> {
  const refusal = toRunnerError(error)
  const { code, cause } = refusal
  if (cause !== undefined) ports.logger.warn(refusal.message, { code, capability: name, cause: describe(cause) })
  const minute = `${ports.clock.now().toISOString().slice(0, 16)}Z`
  await ports.ledger.countRefusal({ minute, tenant_id, capability: name, code }).catch(() => undefined)
  return errorEnvelope(name, kind, refusal)
}

/** What was thrown and where, without its message: that may hold a secret, or what a row says. */
function describe(cause: unknown): Readonly<Record<string, string>> {
  if (!(cause instanceof Error)) return { name: typeof cause }
  const code =
    'code' in cause && typeof cause.code === 'string' && /^\w{1,40}$/.test(cause.code) ? cause.code : undefined
  const at = cause.stack?.split('\n').find((line) => /^\s+at /.test(line))
  return {
    name: cause.name,
    ...(code === undefined ? {} : { code }),
    ...(at === undefined ? {} : { at: at.trim() }),
  }
}
