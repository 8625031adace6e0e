import * as z from 'zod'
import { type AuditTool, parseTools } from '../../audit/manifest.js'
import { isRunnerError, RunnerError } from '../../errors.js'
import type { Connection } from './connection.js'
import { MOST_PAGES } from './limits.js'
import { mcpSdk } from './mcp-sdk.js'

/** Ours, not the SDK's: one odd tool must not hide the others, and no schema of the server is compiled. */
const page = z.looseObject({ tools: z.array(z.unknown()), nextCursor: z.string().nullish() })

const CLIENT_INFO = { name: 'synapsor-runner-audit', version: '1.0.0' }

/**
 * Asks a server for its tools: `initialize` and `tools/list`, page by page, nothing else. The connection is closed in any case.
 *
 * @param deadline - Ends it.
 * @param timeout_ms - What the deadline is told as.
 * @throws RunnerError `SOURCE_UNAVAILABLE` where it does not answer in time, `SOURCE_AUTH` where it refuses the credential,
 * `RESULT_TOO_LARGE` where it sends too much, `INVALID_ARGUMENT` where it answers otherwise than MCP servers do.
 */
export async function listTools(
  connection: Connection,
  deadline: AbortSignal,
  timeout_ms: number,
): Promise<readonly AuditTool[]> {
  try {
    return parseTools(await Promise.race([ask(connection, deadline), expired(deadline)]))
  } catch (error) {
    throw explained(error, connection, deadline, timeout_ms)
  } finally {
    await connection.close()
  }
}

async function ask({ transport }: Connection, signal: AbortSignal): Promise<readonly unknown[]> {
  const { Client, ErrorCode, McpError } = await mcpSdk()
  const client = new Client(CLIENT_INFO)
  await client.connect(transport, { signal })
  const list = (cursor: string | undefined) =>
    client.request({ method: 'tools/list', params: cursor === undefined ? {} : { cursor } }, page, { signal })

  const first = await list(undefined).catch((error: unknown) => {
    // A server without tools need not know the method.
    if (error instanceof McpError && error.code === ErrorCode.MethodNotFound)
      return { tools: [], nextCursor: undefined }
    throw error
  })
  const tools = [...first.tools]
  const seen = new Set<string>()
  let cursor = first.nextCursor ?? undefined
  while (cursor !== undefined) {
    if (seen.has(cursor) || seen.size === MOST_PAGES - 1) throw endless()
    seen.add(cursor)
    const next = await list(cursor)
    for (const tool of next.tools) tools.push(tool)
    cursor = next.nextCursor ?? undefined
  }
  return tools
}

function expired(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
}

function explained(error: unknown, connection: Connection, deadline: AbortSignal, timeout_ms: number): RunnerError {
  if (isRunnerError(error)) return error
  const known = connection.failure()
  if (known !== undefined) return known
  if (deadline.aborted) {
    return new RunnerError('SOURCE_UNAVAILABLE', `The server gave no complete answer within ${timeout_ms / 1000} s.`, {
      next: 'Check that it speaks MCP and is not busy, then audit again.',
      cause: error,
    })
  }
  return new RunnerError('INVALID_ARGUMENT', 'The server does not answer as an MCP server does.', {
    details: { argument: 'target' },
    next: 'Check that the target is an MCP server: a Streamable HTTP endpoint, or a command that speaks MCP on stdout.',
    cause: error,
  })
}

function endless(): RunnerError {
  return new RunnerError(
    'RESULT_TOO_LARGE',
    `The server lists its tools on more than ${MOST_PAGES} pages, or in a circle.`,
    {
      next: 'Save its tools to a file and audit that.',
    },
  )
}
