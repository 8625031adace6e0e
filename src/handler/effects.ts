/** What an app's function gives back. */
import * as z from 'zod'
import { RunnerError } from '../errors.js'
import { once } from '../protocol/once.js'
import { detailsOf, type HandlerDetails } from './details.js'

/** What came of an approved change in the app. All of it is kept in the receipt. */
export interface HandlerEffects {
  /** Rows that were written, in whatever tables. @defaultValue `1` */
  readonly rows_affected?: number
  /** The version of the row from now on. @defaultValue what the version column of the locked row says by then */
  readonly new_version?: string | number | bigint | null
  /** Of what was made, such as a ticket or a refund. */
  readonly new_object_id?: string | number | bigint | null
  /** What the app did beyond the change set. */
  readonly details?: HandlerDetails
}

export interface ReadEffects {
  readonly rows_affected: number
  readonly new_version?: string | number | null
  readonly new_object_id?: string | number | null
  readonly details: HandlerDetails
}

const known = once(() =>
  z
    .union([
      z
        .string()
        .max(1024)
        .refine((text) => !/\p{Surrogate}/u.test(text)),
      z.int(),
      z.bigint().transform(String),
      z.null(),
    ])
    .optional(),
)
const effects = once(() =>
  z.strictObject({
    rows_affected: z.int().min(0).optional(),
    new_version: known(),
    new_object_id: known(),
    details: z.unknown().optional(),
  }),
)

/**
 * Reads what a function gave back; nothing at all means one row.
 *
 * @throws RunnerError `INVALID_ARGUMENT` for anything that could not be kept as it is.
 */
export function readEffects(value: unknown): ReadEffects {
  const parsed = effects().safeParse(value ?? {})
  if (!parsed.success) {
    throw new RunnerError(
      'INVALID_ARGUMENT',
      'A function gave back something else than rows_affected, new_version, new_object_id and details.',
    )
  }
  const { rows_affected = 1, new_version, new_object_id, details = {} } = parsed.data
  return {
    rows_affected,
    ...(new_version === undefined ? {} : { new_version }),
    ...(new_object_id === undefined ? {} : { new_object_id }),
    details: detailsOf(details),
  }
}
