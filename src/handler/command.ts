import type { Readable, Writable } from 'node:stream'
import { decode } from './body.js'
import { type About, DEFAULT_MAX_BODY_BYTES, type HandlerWork, type Outcome, performText, tell } from './outcome.js'

/** Options of {@link runCommandHandler}. */
export interface CommandHandlerOptions<Tx> extends HandlerWork<Tx> {
  /** @defaultValue `process.stdin` */
  readonly input?: Readable
  /** @defaultValue `process.stdout`, which then carries the answer and nothing else */
  readonly output?: Writable
}

/** What a shell calls a failure that may soon be over. */
const EX_TEMPFAIL = 75

/**
 * The app's side of an executor of kind `command_handler`: reads one request from stdin, performs it as
 * {@link createWritebackHandler} does, and writes one answer to stdout. Whoever can start the program is trusted, so
 * that there is no token.
 *
 * What the app prints meanwhile goes to stderr. Sets `process.exitCode`: 0 with an answer, a no included; 75 when
 * somebody else held what it needed, and nothing was done; 1 when nobody knows. A runner takes 75 for unknown, too, and
 * asks again when it reconciles. Close what keeps the process alive, such as a pool, afterwards.
 *
 * @example
 * ```ts
 * import { postgresDatabase, runCommandHandler } from '@synapsor/runner/handler'
 * import pg from 'pg'
 *
 * const pool = new pg.Pool()
 * await runCommandHandler({
 *   database: postgresDatabase(pool),
 *   capabilities: { 'billing.close_invoice': async () => ({ rows_affected: 1 }) },
 * })
 * await pool.end()
 * ```
 */
export async function runCommandHandler<Tx>(options: CommandHandlerOptions<Tx>): Promise<void> {
  const { input = process.stdin, output = process.stdout } = options
  const stdout = takeStdout()
  try {
    const { outcome } = await tell(options, (about) => receive(options, { input, about }))
    const document = documentOf(outcome)
    if (document !== undefined) await write(output === process.stdout ? stdout.write : writerTo(output), document)
    process.exitCode = outcome.kind !== 'error' ? 0 : outcome.is_busy ? EX_TEMPFAIL : 1
  } finally {
    stdout.release()
  }
}

interface Arrival {
  readonly input: Readable
  readonly about: About
}

async function receive<Tx>(options: HandlerWork<Tx>, { input, about }: Arrival): Promise<Outcome> {
  const { max_body_bytes = DEFAULT_MAX_BODY_BYTES } = options
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of input) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > max_body_bytes) return { kind: 'denied', denial: { status: 413, safe_error_code: 'BODY_TOO_LARGE' } }
    chunks.push(bytes)
  }
  const body = decode(Buffer.concat(chunks))
  if (typeof body === 'string') return { kind: 'denied', denial: { status: 400, safe_error_code: 'JSON_INVALID' } }
  return performText(options, body.text, { about })
}

/** Nothing at all where nobody knows: an answer would say too much. */
function documentOf(outcome: Outcome): string | undefined {
  if (outcome.kind === 'error') return undefined
  if (outcome.kind === 'answered') return JSON.stringify(outcome.answer)
  const { safe_error_code } = outcome.denial
  return JSON.stringify({ status: 'failed', rows_affected: 0, source_database_mutated: false, safe_error_code })
}

type Write = (text: string, done: (error?: Error | null) => void) => unknown

function write(to: Write, document: string): Promise<void> {
  return new Promise((resolve, reject) => {
    to(`${document}\n`, (error) => (error ? reject(error) : resolve()))
  })
}

function writerTo(output: Writable): Write {
  return (text, done) => output.write(text, done)
}

/** A line of the app in between would make the answer none. */
function takeStdout(): { readonly write: Write; readonly release: () => void } {
  const { stdout, stderr } = process
  const foreign = stdout.write
  const own = foreign.bind(stdout)
  const redirected = stderr.write.bind(stderr)
  stdout.write = redirected
  return {
    write: (text, done) => own(text, done),
    release: () => {
      // Somebody else may have put a function of their own over ours: it is theirs to take away.
      if (stdout.write === redirected) stdout.write = foreign
    },
  }
}
