import * as z from 'zod'
import { once } from '../protocol/once.js'
import { text } from './names.js'

/** What JSON can hold in one place. */
export const scalar = once(() => z.union([z.string(), z.number(), z.boolean(), z.null()]))

/** One argument that the model may give. */
export const argumentSchema = once(() =>
  z.strictObject({
    type: z.enum(['string', 'number', 'integer', 'boolean']).describe('JSON type of the argument.'),
    required: z.boolean().default(true).describe('Whether every call must give it.'),
    description: text().exactOptional().describe('Text for the model.'),
    max_length: z.number().int().min(1).max(1_000_000).exactOptional().describe('Most characters of a string.'),
    minimum: z.number().exactOptional().describe('Least number.'),
    maximum: z.number().exactOptional().describe('Greatest number.'),
    enum: z.array(scalar()).min(1).max(1000).exactOptional().describe('The only values that are accepted.'),
    pattern: z
      .string()
      .min(1)
      .max(200, { error: 'Keep the pattern within 200 characters.' })
      .exactOptional()
      .describe(
        'Regular expression that a string must match somewhere, as in JSON Schema: anchor it with ^ and $. Repetitions may not be nested.',
      ),
  }),
)
