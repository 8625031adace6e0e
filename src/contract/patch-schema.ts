import * as z from 'zod'
import { once } from '../protocol/once.js'
import { scalar } from './argument-schema.js'
import { identifier } from './names.js'

/** Where the new value of one column comes from. */
export const patchValueSchema = once(() =>
  z.union([
    z.strictObject({ from_arg: identifier().describe('The argument that carries the value.') }),
    z.strictObject({ fixed: scalar().describe('The reviewed value itself.') }),
  ]),
)

/** Inclusive limits of one patched number, compared exactly. */
export const boundSchema = once(() =>
  z.strictObject({
    minimum: z.number().exactOptional().describe('Least value.'),
    maximum: z.number().exactOptional().describe('Greatest value.'),
  }),
)

/** From which state to which states one patched column may go. */
export const transitionSchema = once(() =>
  z.strictObject({
    from_column: identifier()
      .exactOptional()
      .describe('Column that holds the present state; left out, the column itself.'),
    allowed: z
      .record(z.string(), z.array(z.string().min(1)))
      .describe('For each present state the states that may follow. A state that is not listed allows none.'),
  }),
)

/** How a proposal notices that the row has moved on. */
export const conflictGuardSchema = once(() =>
  z.strictObject({
    column: identifier().exactOptional().describe('The version column of the row. It need not be visible.'),
    advance: z
      .enum(['timestamp', 'integer', 'database'])
      .exactOptional()
      .describe(
        'How the version column moves: `timestamp` and `integer` (by exactly 1) by the runner, `database` by a trigger. Left out, it follows from the type of the column.',
      ),
    weak_guard_ack: z
      .boolean()
      .exactOptional()
      .describe('True where the table has no version column: every reviewed column is compared exactly instead.'),
  }),
)
