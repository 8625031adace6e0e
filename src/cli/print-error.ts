import { type ErrorShape, isRunnerError, RunnerError } from '../errors.js'
import type { Io } from './io.js'
import { mendingCommand, typedNext } from './mending-command.js'
import { renderJson } from './text/json.js'
import { createPaint } from './text/paint.js'
import { escapeUntrusted } from './untrusted-text.js'
import { isUsageError } from './usage-error.js'

interface Printing {
  readonly json: boolean
  readonly io: Io
}

/** Tells what went wrong and what to do: as the one error shape on stdout with `--json`, else in words on stderr. */
export function printError(error: unknown, { json, io }: Printing): void {
  const shape = shapeOf(error)
  if (json) {
    io.out(`${renderJson({ error: shape })}\n`)
    return
  }
  const paint = createPaint(io.colors)
  // Where problems are listed, the message of a contract lists them too, in further lines.
  const [message = ''] = shape.message.split('\n')
  const title = isUsageError(error) ? paint.red('error:') : `${paint.red('error')} ${paint.bold(shape.code)}:`
  const lines = [`${title} ${escapeUntrusted(message)}`]
  const next = [typedNext(shape.code, shape.next), ...mendingLines(shape)].map((line) => `  ${escapeUntrusted(line)}`)
  io.err(`${[...lines, ...problemLines(shape), ...next].join('\n')}\n`)
}

function mendingLines({ code, details: { source } }: ErrorShape): readonly string[] {
  const line = mendingCommand(code, typeof source === 'string' ? source : undefined)
  return line === undefined ? [] : [line]
}

function shapeOf(error: unknown): ErrorShape {
  if (isUsageError(error)) return new RunnerError('INVALID_ARGUMENT', error.message, { next: error.next }).toJSON()
  if (isRunnerError(error)) return error.toJSON()
  return new RunnerError('INTERNAL', 'Something unexpected went wrong.', { cause: error }).toJSON()
}

/** The problems of a contract, each with its place. */
function problemLines({ details }: ErrorShape): readonly string[] {
  const { errors } = details
  if (!Array.isArray(errors)) return []
  return errors.map((each: unknown) => {
    const { path, code, message, line } = { path: '', code: '', message: '', line: undefined, ...(each as object) }
    const place = line === undefined ? `${path}` : `${path} (line ${line})`
    return `  ${escapeUntrusted(`${place} ${code}: ${message}`)}`
  })
}
