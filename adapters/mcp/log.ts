import { METHODS } from './connection.js'
import { isObject, type RpcMessage, type RpcReply } from './rpc.js'
import type { Surface } from './surface.js'

/**
 * One line for one message: when, under which id, which method and tool, how it ended and how long it took. It holds
 * no value, no name that a client made up, no token and no address.
 */
export interface LogLine {
  /** Takes the names of a message, where they are known ones. */
  names(surface: Surface, message: RpcMessage): void
  end(reply: RpcReply | undefined, status?: number): void
}

/** Begins a line. It is written once, at its end. */
export function beginLogLine(
  log: (line: string) => void,
  about: { readonly request_id: string; readonly transport: 'stdio' | 'mcp' | 'json-rpc' },
): LogLine {
  const started = performance.now()
  const time = new Date().toISOString()
  let names: Readonly<Record<string, string>> = {}
  return {
    names: (surface, message) => {
      names = namesOf(surface, message)
    },
    end: (reply, status) => {
      try {
        const duration_ms = Math.round((performance.now() - started) * 1000) / 1000
        const answered = status === undefined ? {} : { status }
        log(JSON.stringify({ time, ...about, ...names, ...answered, ...endOf(reply), duration_ms }))
      } catch {
        // A log that fails is no reason not to answer.
      }
    },
  }
}

function namesOf(surface: Surface, message: RpcMessage): Readonly<Record<string, string>> {
  if (message.kind === 'response') return {}
  const method = METHODS.has(message.method) ? message.method : 'unknown'
  const tool = method === 'tools/call' ? surface.canonicalName(message.params.name) : undefined
  return { method, ...(tool === undefined ? {} : { tool }) }
}

/** The code of a refusal: of the protocol, or of the tool. */
function endOf(reply: RpcReply | undefined): Readonly<Record<string, unknown>> {
  if (reply === undefined) return {}
  if ('error' in reply) return { rpc_code: reply.error.code, ...codeIn(reply.error.data) }
  return codeIn(refusalIn(reply.result))
}

/** A tool that refuses says why in its text. */
function refusalIn(result: object): unknown {
  if (!('isError' in result && 'content' in result && Array.isArray(result.content))) return undefined
  const [first]: unknown[] = result.content
  const told: unknown = isObject(first) && typeof first.text === 'string' ? JSON.parse(first.text) : undefined
  return isObject(told) ? told.error : undefined
}

function codeIn(error: unknown): Readonly<Record<string, unknown>> {
  return isObject(error) && typeof error.code === 'string' ? { code: error.code } : {}
}
