/** What becomes of one request, whichever way it came, and what is told of it. */
import { randomUUID } from 'node:crypto'
import { isRunnerError } from '../errors.js'
import type { HandlerAnswer } from '../protocol/handler.js'
import type { HandlerDatabase } from './database.js'
import { type HandlerLog, type HandlerLogger, stderrLogger } from './log.js'
import { type CapabilityFunction, perform } from './perform.js'
import { type CheckedRequest, type Denial, readRequest } from './request.js'

/** What a handler does, whichever way requests reach it. */
export interface HandlerWork<Tx> {
  /** Made by `postgresDatabase`, `mysqlDatabase` or `sqliteDatabase`. */
  readonly database: HandlerDatabase<Tx>
  /** What the app does for each capability. Any other is answered `CAPABILITY_NOT_FOUND`. */
  readonly capabilities: Readonly<Record<string, CapabilityFunction<Tx>>>
  /**
   * Takes requests for tables without a tenant column, as contracts with `single_tenant_dev` have them.
   *
   * @defaultValue `false`
   */
  readonly single_tenant_dev?: boolean
  /** The most of a request that is read, in bytes. @defaultValue `1048576` */
  readonly max_body_bytes?: number
  /** Gets one object for each request, see {@link HandlerLog}. @defaultValue one line each on stderr */
  readonly logger?: HandlerLogger
  /** Gets what a function or the database threw. It is never answered or logged, as it may hold values. */
  readonly on_error?: (error: unknown, about: HandlerLog) => void | Promise<void>
}

export const DEFAULT_MAX_BODY_BYTES = 1024 * 1024

export type Outcome =
  /** What came of it, as a document. */
  | { readonly kind: 'answered'; readonly answer: HandlerAnswer }
  /** Turned away before any work. */
  | { readonly kind: 'denied'; readonly denial: Denial }
  /** Rolled back, or nobody knows. `is_busy`: nothing was done, and the same can be sent again soon. */
  | { readonly kind: 'error'; readonly code: string; readonly is_busy: boolean; readonly error: unknown }

/** An outcome, and the id under which the log has it. */
export interface Told {
  readonly outcome: Outcome
  readonly correlation_id: string
}

/** What a log says of a request before its outcome. */
export interface About {
  capability: string | null
  dry_run: boolean
}

/** Runs one request and logs it once, at its end. Never rejects. */
export async function tell<Tx>(
  { logger = stderrLogger, on_error }: HandlerWork<Tx>,
  work: (about: About) => Promise<Outcome>,
): Promise<Told> {
  const correlation_id = randomUUID()
  const started = performance.now()
  const about: About = { capability: null, dry_run: false }
  const outcome = await work(about).catch(failed)
  const log: HandlerLog = { correlation_id, ...about, ...endOf(outcome), duration_ms: since(started) }
  attempt(() => (outcome.kind === 'answered' ? logger.info : logger.warn).call(logger, 'writeback', { ...log }))
  if (outcome.kind === 'error') attempt(() => on_error?.(outcome.error, log))
  return { outcome, correlation_id }
}

/** A log that fails, at once or later, is no reason not to answer, nor to end the app. */
function attempt(write: () => unknown): void {
  try {
    // Nobody is left to be told.
    void Promise.resolve(write()).catch(() => undefined)
  } catch {
    // The same.
  }
}

/** Performs the request that a text is. */
export async function performText<Tx>(
  work: HandlerWork<Tx>,
  text: string,
  { about, denial }: { readonly about: About; readonly denial?: (checked: CheckedRequest) => Denial | undefined },
): Promise<Outcome> {
  const { capabilities, single_tenant_dev = false, database } = work
  const has = (name: string) => Object.hasOwn(capabilities, name)
  const checked = readRequest(text, { has, single_tenant_dev })
  if ('status' in checked) return { kind: 'denied', denial: checked }
  const { change_set, dry_run } = checked.request
  about.capability = change_set.action
  about.dry_run = dry_run
  const denied = denial?.(checked)
  if (denied) return { kind: 'denied', denial: denied }
  const run = capabilities[change_set.action]
  if (run === undefined) return { kind: 'denied', denial: { status: 404, safe_error_code: 'CAPABILITY_NOT_FOUND' } }
  return { kind: 'answered', answer: await perform({ database, run }, checked) }
}

/** Failures that say that nothing was done, and may soon be over. */
const BUSY: ReadonlySet<string> = new Set(['BUSY', 'SOURCE_UNAVAILABLE'])

function failed(error: unknown): Outcome {
  const code = isRunnerError(error) ? error.code : 'HANDLER_FAILED'
  return { kind: 'error', code, is_busy: BUSY.has(code), error }
}

function endOf(outcome: Outcome): Pick<HandlerLog, 'outcome' | 'code' | 'key_lost'> {
  if (outcome.kind === 'error') {
    return { outcome: 'error', code: outcome.code, ...(isKeyLost(outcome.error) ? { key_lost: true } : {}) }
  }
  if (outcome.kind === 'denied') return { outcome: 'denied', code: outcome.denial.safe_error_code }
  return { outcome: outcome.answer.status, code: outcome.answer.safe_error_code ?? null }
}

function isKeyLost(error: unknown): boolean {
  return isRunnerError(error) && error.code === 'INTEGRITY' && error.details.key_lost === true
}

function since(started: number): number {
  return Math.round((performance.now() - started) * 1000) / 1000
}
