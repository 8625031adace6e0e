import * as z from 'zod'
import { once } from '../protocol/once.js'
import type { DeepReadonly } from '../protocol/readonly.js'
import { capabilityName } from './names.js'

/** As many calls as one process could answer, and more proposals than people could decide on. */
const MOST = 1_000_000

const limit = (what: string) => z.int().min(1).max(MOST).exactOptional().describe(what)

const limits = {
  calls_per_minute: limit('Calls in any 60 seconds. Each process counts its own.'),
  open_proposals: limit('Proposals that may wait at one time: for a decision, for apply, or for the end of one.'),
  proposals_per_day: limit('New proposals in any 24 hours, whatever became of them.'),
} as const

const ownLimits = once(() => z.strictObject(limits))

/** How much one tenant may ask of one capability. */
export const rateLimitsSchema = once(() =>
  z.strictObject({
    ...limits,
    capabilities: z
      .record(capabilityName(), ownLimits())
      .default({})
      .describe('Other limits for single capabilities, by name. What is left out there is as above.'),
  }),
)

/** Limits with their defaults. */
export type RateLimits = DeepReadonly<z.output<ReturnType<typeof rateLimitsSchema>>>
