import type { RateLimits } from '../contract/rate-limit-schema.js'
import { RunnerError } from '../errors.js'
import type { Ledger, ProposalQuota, QuotaUse } from '../ledger/ledger.js'
import { createCallCounts } from './call-counts.js'
import type { Clock, Ports } from './ports.js'

/** How much one tenant may ask of one capability, as `rate_limits` of the contract says. */
export interface Limits {
  /**
   * Counts a call.
   *
   * @throws RunnerError `RATE_LIMITED` with `retry_after_ms`.
   */
  takeCall(capability: string, tenant_id: string): void
  /** What the ledger counts proposals against, as of now. `undefined` where there is no limit. */
  quotaFor(capability: string, tenant_id: string): ProposalQuota | undefined
}

/** The limits of a contract. Calls are counted here: each process has its own count, and one that starts begins anew. */
export function createLimits(config: RateLimits | undefined, clock: Clock): Limits {
  const counts = createCallCounts()
  return {
    takeCall: (capability, tenant_id) => {
      const most = limitsOf(config, capability).calls_per_minute
      if (most === undefined) return
      const retry_after_ms = counts.take(JSON.stringify([tenant_id, capability]), most, clock.now())
      if (retry_after_ms === undefined) return
      throw new RunnerError('RATE_LIMITED', `${capability} may be called ${most} times a minute.`, {
        details: { capability, limit: 'calls_per_minute', allowed: most },
        retry_after_ms,
      })
    },
    quotaFor: (capability, tenant_id) => {
      const { open_proposals, proposals_per_day } = limitsOf(config, capability)
      if (open_proposals === undefined && proposals_per_day === undefined) return undefined
      const now = clock.now()
      return {
        tenant_id,
        capability,
        ...(open_proposals === undefined ? {} : { open: open_proposals }),
        ...(proposals_per_day === undefined ? {} : { created: proposals_per_day }),
        as_of: now.toISOString(),
        since: new Date(now.getTime() - DAY_MS).toISOString(),
      }
    },
  }
}

/** Ports for what the operator moves: what a model has called must not hold that up. Proposals count all the same. */
export function withoutCallLimit(ports: Ports): Ports {
  return { ...ports, limits: { ...ports.limits, takeCall: () => undefined } }
}

const DAY_MS = 24 * 60 * 60 * 1000

/** What stands at the capability holds instead of what stands above; what is left out there does not lift it. */
function limitsOf(config: RateLimits | undefined, capability: string): Omit<RateLimits, 'capabilities'> {
  if (config === undefined) return {}
  const { capabilities, ...all } = config
  return { ...all, ...(Object.hasOwn(capabilities, capability) ? capabilities[capability] : {}) }
}

/**
 * Holds that there is room for another proposal beside those in `ending`.
 *
 * @throws RunnerError `RATE_LIMITED`; with `retry_after_ms` where time alone makes room.
 */
export async function assertRoom(
  ledger: Pick<Ledger, 'useOfQuota'>,
  quota: ProposalQuota | undefined,
  ending: readonly string[],
): Promise<void> {
  if (quota === undefined) return
  const refusal = refusalOf(quota, await ledger.useOfQuota(quota, ending))
  if (refusal !== undefined) throw refusal
}

function refusalOf(quota: ProposalQuota, { open_reached, created_reached }: QuotaUse): RunnerError | undefined {
  const { capability, open, created, as_of } = quota
  if (open_reached) {
    return new RunnerError('RATE_LIMITED', `${open} proposals by ${capability} are open for this tenant.`, {
      details: { capability, limit: 'open_proposals', allowed: open },
      next: 'Wait until some of them are decided and applied, or withdraw your own.',
    })
  }
  if (created_reached === null) return undefined
  return new RunnerError('RATE_LIMITED', `${created} proposals by ${capability} were made for this tenant in a day.`, {
    details: { capability, limit: 'proposals_per_day', allowed: created },
    retry_after_ms: Math.max(1, Date.parse(created_reached) + DAY_MS - Date.parse(as_of)),
  })
}
