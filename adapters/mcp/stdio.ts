import { randomUUID } from 'node:crypto'
import type { Config, ToolSource } from '../../src/index.js'
import { createConnection } from './connection.js'
import type { Extra, McpHostContext } from './host-context.js'
import { beginLogLine } from './log.js'
import { failure, INVALID_REQUEST, PARSE_ERROR, type RpcReply, type RpcRequest, readMessage, replyTo } from './rpc.js'
import { createLineReader, type Line } from './stdio-lines.js'
import { takeStdout } from './stdout.js'
import { subscriptionsOf } from './subscriptions.js'
import { createSurface, type McpServerOptions, type Surface } from './surface.js'
import { atMost, createTally } from './tally.js'
import { createWatcher } from './watcher.js'

/** What a server over stdio takes besides what every server takes. */
export interface McpStdioOptions<C extends Config = Config> extends McpServerOptions<C> {
  /** The longest message, in bytes. Default 10 MiB. */
  readonly line_bytes?: number
  /** Gets one line of JSON for each message. Default: nothing is logged. Never stdout, which is the protocol's. */
  readonly log?: (line: string) => void
}

/** A server that serves over stdio. */
export interface StdioServing {
  /** Resolves when the client has left and all that it asked is answered, or after `close`. Never rejects. */
  readonly closed: Promise<void>
  /** Reads no more, answers what was asked, and gives stdout back to the process. Safe to call twice. */
  close(): Promise<void>
}

const LINE_BYTES = 10 * 1024 * 1024
const MAX_DEPTH = 64
/** Above it nothing is read until all is answered. */
const MOST_IN_FLIGHT = 1000
/** How long a client that has left, or does not read, is waited for. */
const GRACE_MS = 10_000
const NOBODY: Extra = Object.freeze({})

/**
 * Serves the client that started this process, over stdin and stdout. While it serves, whatever else writes to stdout
 * in this process goes to stderr.
 *
 * Resolves once it serves. When the client leaves, `closed` resolves: close the runner then.
 *
 * @throws RunnerError `CAPABILITY_NOT_FOUND` for a name in `only` that is not exposed or an `adapter` that the contract
 * lacks, `INVALID_ARGUMENT` for an option that is none.
 *
 * @example
 * ```ts
 * const { closed } = await serveStdio(runner.session({ tenant_id: 'acme', principal: 'support_agent_17' }))
 * await closed
 * await runner.close()
 * ```
 */
export async function serveStdio<C extends Config>(
  source: ToolSource<C, McpHostContext>,
  options: McpStdioOptions<C> = {},
): Promise<StdioServing> {
  const { line_bytes = LINE_BYTES, log, ...serverOptions } = options
  const surface = createSurface(source, serverOptions)
  const { stdin } = process
  const stdout = takeStdout(() => leave())
  const send = (message: object) => void stdout.write(`${JSON.stringify(message)}\n`)
  const subscriptions = subscriptionsOf(createWatcher(surface.toolset), {
    updated: (uri) => send({ jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri } }),
  })
  const connection = createConnection({ surface, subscriptions })
  const tally = createTally()

  const answer = async (request: RpcRequest) => {
    const done = tally.begin()
    const about = beginLine(surface, request, log)
    const reply = await connection.answer(request, { extra: NOBODY, request_id: about.request_id, send })
    if (reply !== undefined) send(reply)
    about.end(reply)
    done()
  }
  const take = (line: Line) => {
    const read = 'text' in line ? readMessage(line.text, MAX_DEPTH) : REFUSED[line.problem]
    if (!read.ok) send(read.reply)
    else if (read.message.kind === 'request') void answer(read.message)
    else if (read.message.kind === 'notification') connection.notified(read.message)
  }
  const readLines = createLineReader(line_bytes, take)
  const read = (chunk: Uint8Array) => {
    readLines(chunk)
    // A client that does not read, or asks faster than it is answered, is not read from either.
    if (stdout.isFull() || tally.count() >= MOST_IN_FLIGHT) void rest()
  }
  const rest = async () => {
    stdin.pause()
    await stdout.drained()
    if (tally.count() >= MOST_IN_FLIGHT) await tally.idle()
    if (closing === undefined) stdin.resume()
  }

  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= end()
    return closing
  }
  const leave = () => void close()
  const end = async () => {
    stdin.off('data', read).off('end', leave).off('close', leave).off('error', leave).pause()
    await atMost(GRACE_MS, tally.idle())
    connection.close()
    await atMost(GRACE_MS, stdout.flushed())
    stdout.release()
    settle()
  }
  let settle: () => void = () => undefined
  const closed = new Promise<void>((resolve) => {
    settle = resolve
  })

  stdin.on('data', read).on('end', leave).on('close', leave).on('error', leave)
  return { closed, close }
}

const REFUSED = {
  too_long: { ok: false, reply: replyTo(null, failure(INVALID_REQUEST, 'The message is too long.')) },
  not_utf8: { ok: false, reply: replyTo(null, failure(PARSE_ERROR, 'The message is not valid UTF-8.')) },
} as const

function beginLine(surface: Surface, request: RpcRequest, log: McpStdioOptions['log']) {
  if (log === undefined) return { request_id: randomUUID, end: () => undefined }
  const request_id = randomUUID()
  const line = beginLogLine(log, { request_id, transport: 'stdio' })
  line.names(surface, request)
  return { request_id: () => request_id, end: (reply: RpcReply | undefined) => line.end(reply) }
}
