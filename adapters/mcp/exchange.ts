/** One request over HTTP, from the gate to its answer: the same for every server and both protocols. */
import { randomUUID } from 'node:crypto'
import type { Config, ToolSource } from '../../src/index.js'
import type { Arrival, Reply } from './arrival.js'
import { type Authenticator, resolveAuth } from './auth.js'
import { readBody } from './body.js'
import { type Calls, createCalls } from './calls.js'
import type { Answered, Ending, Visit } from './ending.js'
import { refusal, refuseBody, refuseCaller, refuseLimit, refuseRoute, tooLarge } from './gate.js'
import type { McpHostContext } from './host-context.js'
import { type BoundTo, type HostRules, resolveHosts } from './hosts.js'
import { beginLogLine, type LogLine } from './log.js'
import {
  type McpHandlerOptions,
  type McpLimits,
  type McpProtocol,
  resolveLimits,
  resolvePath,
  resolveProtocol,
} from './options.js'
import { INTERNAL_ERROR, INVALID_REQUEST, PARSE_ERROR, readMessage } from './rpc.js'
import { createSimple } from './simple.js'
import { type Connect, createStreamable } from './streamable.js'
import { createSurface, type Surface } from './surface.js'
import { atMost, createTally, type Tally } from './tally.js'

/** Answers requests until it is closed. */
export interface Exchange {
  /** Never throws. A stream of the reply must be opened. */
  answer(arrival: Arrival): Promise<Reply>
  /** Takes no more requests, waits so long for those that are worked on, and ends all sessions. */
  close(grace_ms: number): Promise<void>
  readonly hosts: HostRules
}

interface Settings {
  readonly surface: Surface
  readonly hosts: HostRules
  readonly authenticate: Authenticator
  readonly protocol: McpProtocol
  readonly path: string | undefined
  readonly limits: McpLimits
  readonly calls: Calls
  readonly tally: Tally
  readonly ending: Ending
}

/** @throws RunnerError `CONFIG_INVALID`, `INVALID_ARGUMENT` or `CAPABILITY_NOT_FOUND` for options that do not fit. */
export function createExchange<C extends Config>(
  source: ToolSource<C, McpHostContext>,
  options: McpHandlerOptions<C>,
  bound: BoundTo & { readonly isKnown: boolean; readonly connect?: Connect },
): Exchange {
  const { auth, protocol: asked, path, allowed_hosts, allowed_origins, limits: given, log, ...serverOptions } = options
  const hosts = resolveHosts({ allowed_hosts, allowed_origins }, bound)
  const reach = { isLoopback: bound.isLoopback && hosts.isLoopbackOnly, isKnown: bound.isKnown }
  const [protocol, limits] = [resolveProtocol(asked), resolveLimits(given)]
  const authenticate = resolveAuth(auth, reach, limits)
  const surface = createSurface(source, serverOptions)
  const ownerOf = async (host: McpHostContext) => (await source.sessionFor(host)).context
  const ending =
    protocol === 'mcp' ? createStreamable({ surface, limits, ownerOf, connect: bound.connect }) : createSimple(surface)
  const [calls, tally] = [createCalls(limits.calls_per_subject), createTally()]
  const settings = { surface, hosts, authenticate, protocol, path: resolvePath(path), limits, calls, tally, ending }
  let isClosing = false

  return {
    hosts,
    answer: async (arrival) => {
      const request_id = randomUUID()
      const line = log === undefined ? undefined : beginLogLine(log, { request_id, transport: protocol })
      const answered = isClosing ? closing() : await attempt(settings, arrival, { request_id, line })
      const { rpc, ...reply } = answered
      if (reply.stream === undefined) line?.end(rpc, reply.status)
      return { ...reply, headers: { ...ALWAYS, 'x-request-id': request_id, ...reply.headers } }
    },
    close: async (grace_ms) => {
      isClosing = true
      await atMost(grace_ms, tally.idle())
      ending.close()
    },
  }
}

const ALWAYS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const

function closing(): Answered {
  return refusal(503, 'The server is closing.', { headers: { 'retry-after': '5' } })
}

interface About {
  readonly request_id: string
  readonly line: LogLine | undefined
}

/** Whatever goes wrong unforeseen is not for the client, but for the id by which it is asked about. */
async function attempt(settings: Settings, arrival: Arrival, about: About): Promise<Answered> {
  const { request_id } = about
  try {
    return await pass(settings, arrival, about)
  } catch {
    return refusal(500, 'Something unexpected went wrong.', { code: INTERNAL_ERROR, data: { request_id } })
  }
}

async function pass(settings: Settings, arrival: Arrival, about: About): Promise<Answered> {
  const { hosts, authenticate, protocol, path, limits, calls, tally, ending } = settings
  const stranger = refuseRoute(arrival, protocol, path) ?? refuseHost(arrival, hosts)
  if (stranger !== undefined) return { ...stranger, isLast: true }

  const { headers, url, toRequest } = arrival
  const caller = await authenticate({ authorization: arrival.header('authorization'), headers, url, toRequest })
  if (typeof caller === 'string') return { ...refuseCaller(caller), isLast: true }

  const visit = { arrival, caller, request_id: about.request_id }
  const logged: Visit['logged'] = (rpc, status) => about.line?.end(rpc, status)
  if (arrival.method !== 'POST') return ending.other({ ...visit, logged, done: () => undefined })

  const unfit = refuseBody(arrival, protocol, limits.body_bytes)
  if (unfit !== undefined) return unfit
  const free = calls.begin(caller.subject)
  if (free === undefined) return tooMany()
  const settled = tally.begin()
  try {
    const answered = await receive(settings, { ...visit, logged, done: settled }, about.line)
    if (answered.stream === undefined) settled()
    return untilLeft(answered, free)
  } catch (error) {
    free()
    settled()
    throw error
  }
}

/** A caller has its share back when the answer has left: what nobody takes is kept, too. */
function untilLeft({ stream, ...answered }: Answered, free: () => void): Answered {
  if (stream === undefined) return { ...answered, left: free }
  const open: typeof stream.open = (sink) => {
    const gone = stream.open(sink)
    return () => {
      free()
      gone()
    }
  }
  return { ...answered, stream: { open } }
}

function refuseHost(arrival: Arrival, { isHost, isOrigin }: HostRules) {
  const host = arrival.header('host')
  if (!isHost(host)) return refusal(403, 'This server does not answer to this host.')
  if (isOrigin(arrival.header('origin'), host)) return undefined
  return refusal(403, 'This server does not answer to this origin.')
}

function tooMany(): Answered {
  return refuseLimit(429, 'Too many requests of one caller at once.', 1)
}

async function receive(settings: Settings, visit: Visit, line: LogLine | undefined): Promise<Answered> {
  const { surface, limits, ending } = settings
  const admitted = await ending.admit(visit)
  if (typeof admitted !== 'function') return admitted

  const body = await readBody(visit.arrival.body, limits.body_bytes, limits.request_ms)
  if ('problem' in body) return PROBLEMS[body.problem]()
  const read = readMessage(body.text, limits.depth)
  if (!read.ok) return { ...refusal(400, ''), body: JSON.stringify(read.reply), rpc: read.reply }
  line?.names(surface, read.message)
  return admitted(read.message)
}

const PROBLEMS = {
  too_large: tooLarge,
  too_slow: () => refusal(408, 'The body took too long.', { code: INVALID_REQUEST }),
  not_utf8: () => refusal(400, 'The body is not valid UTF-8.', { code: PARSE_ERROR }),
  broken: () => refusal(400, 'The body did not arrive.', { code: INVALID_REQUEST }),
} as const
