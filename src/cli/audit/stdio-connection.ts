import { StringDecoder } from 'node:string_decoder'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { RunnerError } from '../../errors.js'
import { escapeUntrusted } from '../untrusted-text.js'
import { answersOnly } from './answers-only.js'
import { type Command, startChild } from './child.js'
import type { Connection } from './connection.js'
import { MOST_BYTES, tooLarge } from './limits.js'
import { mcpSdk } from './mcp-sdk.js'

/**
 * Starts a server and speaks with it over stdin and stdout. It reads a limited number of bytes, passes over lines that are no
 * messages, and leaves no process behind.
 */
export async function connectStdio(command: Command): Promise<Connection> {
  const { JSONRPCMessageSchema } = await mcpSdk()
  let failure: RunnerError | undefined
  let isOver = false
  let ended = async (): Promise<void> => undefined
  const fail = (error: RunnerError): void => {
    failure ??= error
    transport.onclose?.()
  }

  const transport: Transport = {
    start: async () => {
      const { child, end } = start(command)
      ended = () => {
        isOver = true
        return end()
      }
      child.on('error', (cause) => fail(notStarted(command, cause)))
      child.on('close', () => fail(gone(command, child.exitCode)))
      child.stdin.on('error', () => undefined)
      const read = lineReader((line) => {
        // Noise is passed over before a schema looks at it, which takes a hundred times as long.
        if (isOver || !LIKE_AN_ANSWER.test(line)) return
        const message = JSONRPCMessageSchema.safeParse(parsed(line))
        if (message.success) transport.onmessage?.(message.data)
      })
      child.stdout.on('data', (chunk: Buffer) => {
        if (isOver || read(chunk)) return
        child.stdout.destroy()
        fail(tooLarge('What the server sends'))
      })
      send = (text) => void child.stdin.write(text)
    },
    send: async (message) => send(`${JSON.stringify(message)}\n`),
    close: () => ended(),
  }
  let send = (_text: string): void => undefined

  return { transport: answersOnly(transport), failure: () => failure, close: () => ended() }
}

/** Names may be written with escapes, in which case the line is none that a server writes. */
const LIKE_AN_ANSWER = /^\s*\{(?=.*"jsonrpc")(?=.*"id")(?=.*"(?:result|error)")/s

function start(command: Command): ReturnType<typeof startChild> {
  try {
    return startChild(command)
  } catch (cause) {
    throw notStarted(command, cause)
  }
}

/** Cuts what comes in into lines. Gives false once it is too much. */
function lineReader(onLine: (line: string) => void): (chunk: Buffer) => boolean {
  const decoder = new StringDecoder('utf8')
  let bytes = 0
  let open: string[] = []
  return (chunk) => {
    bytes += chunk.byteLength
    if (bytes > MOST_BYTES) return false
    const [first = '', ...others] = decoder.write(chunk).split('\n')
    open.push(first)
    for (const next of others) {
      onLine(open.join(''))
      open = [next]
    }
    return true
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function notStarted({ command }: Command, cause: unknown): RunnerError {
  return new RunnerError('INVALID_ARGUMENT', `The command ${escapeUntrusted(command)} cannot be started.`, {
    details: { argument: 'target' },
    next: 'Check that it is installed. Nothing of a shell is available: no variables, no pipes, no built-in commands.',
    cause,
  })
}

function gone({ command }: Command, code: number | null): RunnerError {
  const how = code === null ? 'was ended' : `ended with exit code ${code}`
  return new RunnerError('INVALID_ARGUMENT', `The command ${escapeUntrusted(command)} ${how} before it had answered.`, {
    details: { argument: 'target' },
    next: 'Start it by hand and read what it says.',
  })
}
