import { claimsOf, type McpHostContext } from '../../../adapters/mcp/host-context.js'
import { RunnerError } from '../../errors.js'
import type { Config, ToolSource } from '../../index.js'
import { takesClaims } from '../../operations/context.js'
import type { Call } from '../command.js'
import { given } from '../given.js'
import { contractSession } from '../session.js'

/**
 * All that a serving process holds of the runner: a source of tools. With claims, each call is for whom they say; without
 * them every call is for the one context of the contract.
 *
 * @throws RunnerError `CONTEXT_MISSING` where the contract leaves open for whom calls are made.
 */
export async function toolSourceOf(
  call: Pick<Call, 'contract' | 'runner'>,
  { with_claims, adapter }: { readonly with_claims: boolean; readonly adapter: string | undefined },
): Promise<ToolSource<Config, McpHostContext>> {
  const runner = await call.runner()
  if (!with_claims) return contractSession(runner)
  if (!takesClaims(await call.contract(), adapter)) throw noClaims()
  return runner.sessionsFrom<McpHostContext>((host) => ({
    claims: claimsOf(host),
    ...given({ adapter }),
  }))
}

function noClaims(): RunnerError {
  const context = { provider: 'http_claims', values: { tenant_id_key: 'tenant_id', principal_key: 'sub' } }
  const what = 'Callers bring signed claims, and the contract does not say which of them name tenant and principal.'
  return new RunnerError('CONTEXT_MISSING', what, {
    next: `Add to the contract: "trusted_context": ${JSON.stringify(context)}`,
  })
}
