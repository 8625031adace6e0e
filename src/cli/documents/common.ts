import * as z from 'zod'
import { envelopeError } from '../../protocol/envelope.js'

/** One page of a list. */
export function page(item: z.ZodType): z.ZodType {
  return z.strictObject({ items: z.array(item), next_cursor: z.string().nullable() })
}

/** What every command prints where it could not do what it was asked. */
export const errorDocument = z.strictObject({ error: envelopeError() })
