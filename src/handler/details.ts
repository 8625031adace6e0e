import * as z from 'zod'
import { RunnerError } from '../errors.js'
import { canonicalJson } from '../protocol/canonical.js'
import { HANDLER_LIMITS } from '../protocol/handler.js'
import { once } from '../protocol/once.js'
import { parseStrictJson } from '../protocol/strict-json.js'

/** What an app tells beside the outcome: JSON, kept in the receipt, no secret in it. */
export type HandlerDetails = Readonly<Record<string, HandlerJson>>

/** A JSON value. */
export type HandlerJson =
  | string
  | number
  | boolean
  | null
  | readonly HandlerJson[]
  | { readonly [name: string]: HandlerJson }

const details = once(() => z.record(z.string(), z.json()))

/**
 * Details as they will be read again.
 *
 * @throws RunnerError `INVALID_ARGUMENT` for what is not JSON, or too much.
 */
export function detailsOf(value: unknown): HandlerDetails {
  const parsed = details().safeParse(value)
  if (!parsed.success) throw unfit('Details are an object of JSON values.')
  const text = jsonOf(parsed.data)
  if (text.length > MOST) throw unfit(`Details have at most ${MOST} characters.`)
  // They lie in the answer, which is one level of its own. What the runner could not read must not be committed.
  const read = parseStrictJson(text, { max_depth: HANDLER_LIMITS.depth - 1 })
  if (!read.ok) throw unfit(`Details hold whole characters, and at most ${HANDLER_LIMITS.depth - 1} levels.`)
  return parsed.data
}

function jsonOf(value: unknown): string {
  try {
    return canonicalJson(value)
  } catch {
    throw unfit('Details hold whole characters.')
  }
}

const MOST = HANDLER_LIMITS.details

function unfit(message: string): RunnerError {
  return new RunnerError('INVALID_ARGUMENT', message)
}
