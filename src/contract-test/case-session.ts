import { contextOf, findCapability } from '../contract/resolve.js'
import type { ContextConfig } from '../contract/schema.js'
import type { SessionContext } from '../operations/context.js'
import type { Runner } from '../runner.js'
import type { Session } from '../session.js'
import type { ContractCase } from './cases.js'
import type { ContractCaseDifference } from './report.js'

/** A session to make the call of a case in, or why the case cannot be run. */
export type CaseSession = { readonly session: Session } | { readonly problem: ContractCaseDifference }

/**
 * Opens the session of a case: for whom it says, where the contract takes that from the host; else for whom the contract
 * says, which must be the same.
 *
 * @throws RunnerError as `runner.session`.
 */
export function openCaseSession(runner: Runner, { capability, context }: ContractCase): CaseSession {
  const found = findCapability(runner.config, capability)
  const config = found === undefined ? runner.config.trusted_context : contextOf(runner.config, found)
  if (config.provider === 'environment' || config.provider === 'static_dev') {
    const session = runner.session()
    if (context === undefined) return { session }
    const configured = session.contextFor(found?.context)
    const isSame = configured.tenant_id === context.tenant_id && configured.principal === context.principal
    return isSame ? { session } : unfit(`The contract takes tenant and principal from ${config.provider}: not these.`)
  }
  if (context === undefined) return unfit('The contract takes tenant and principal from the host: the case says none.')
  return { session: runner.session(givenContext(config, context)) }
}

function givenContext(config: ContextConfig, context: NonNullable<ContractCase['context']>): SessionContext {
  if (config.provider !== 'http_claims') return context
  const { tenant_id_key, principal_key } = config.values
  return { claims: { [tenant_id_key]: context.tenant_id, [principal_key]: context.principal } }
}

function unfit(message: string): CaseSession {
  return { problem: { path: '/context', message } }
}
