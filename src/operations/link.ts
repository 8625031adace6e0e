import * as z from 'zod'
import { isWellFormed } from '../capability/arguments.js'
import { RunnerError } from '../errors.js'
import { refuseSecret } from '../policy/secrets.js'
import { once } from '../protocol/once.js'
import type { Link } from './ports.js'

const name = once(() => z.string().min(1).max(128).refine(isWellFormed))
const linkSchema = once(() => z.strictObject({ run_id: name(), step_key: name(), call_id: name().optional() }))

/**
 * Checks what the host says about a call before it becomes part of a record.
 *
 * @throws RunnerError `INVALID_ARGUMENT` or `SECRET_REFUSED`.
 */
export function parseLink(link: unknown): Link | undefined {
  if (link === undefined) return undefined
  const parsed = linkSchema().safeParse(link)
  if (!parsed.success) {
    throw new RunnerError('INVALID_ARGUMENT', 'A link has run_id and step_key, of 1 to 128 characters each.', {
      details: { argument: 'link' },
    })
  }
  const { run_id, step_key, call_id } = parsed.data
  for (const text of [run_id, step_key]) refuseSecret('the link', text)
  return call_id === undefined ? { run_id, step_key } : { run_id, step_key, call_id }
}
