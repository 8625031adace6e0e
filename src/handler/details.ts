import * as z from 'zod'
import { RunnerError } from '../errors.js'
import { canonicalJson } from '../protocol/canonical.js'
import { once } from '../protocol/once.js'

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

/** Of details, in characters of JSON. The runner keeps no more. */
const MOST_DETAILS = 8 * 1024

const details = once(() => z.record(z.string(), z.json()))

/**
 * Details as they will be read again.
 *
 * @throws RunnerError `INVALID_ARGUMENT` for what is not JSON, or too much.
 */
export function detailsOf(value: unknown): HandlerDetails {
  const parsed = details().safeParse(value)
  if (!parsed.success) throw unfit('Details are an object of JSON values.')
  if (canonicalJson(parsed.data).length > MOST_DETAILS) throw unfit(`Details have at most ${MOST_DETAILS} characters.`)
  return parsed.data
}

function unfit(message: string): RunnerError {
  return new RunnerError('INVALID_ARGUMENT', message)
}
