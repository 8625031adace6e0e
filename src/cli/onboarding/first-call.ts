import type { Envelope, Finding } from '../../index.js'
import { resolveSelection } from '../../onboarding/resolve-selection.js'
import type { Io } from '../io.js'
import { openLazily } from '../open-runner.js'
import { contractSession } from '../session.js'
import { unsetVariables } from './next-lines.js'
import type { Plan } from './plan-files.js'

/** What was tried with the new contract. */
export interface Tried {
  readonly first_call: Envelope | null
  /** `null` where the set-up was not looked over. */
  readonly findings: readonly Finding[] | null
}

/**
 * Makes the first call where a real key is given and the environment allows it, and looks the set-up over where that is
 * asked for.
 */
export async function tryOut(plan: Plan, { guided }: { readonly guided: boolean }, io: Io): Promise<Tried> {
  const sample = plan.contract.capabilities?.[0]?.examples?.[0]
  const callable = sample !== undefined && canCall(plan, io)
  if (!callable && !guided) return { first_call: null, findings: null }
  const opened = openLazily(
    { config: plan.contract_path, runner: undefined, store: undefined, ledger_timeout_ms: undefined },
    io,
  )
  try {
    const runner = await opened.runner()
    const findings = guided ? await runner.doctor() : null
    const name = plan.contract.capabilities?.[0]?.name ?? ''
    return { first_call: callable ? await contractSession(runner).call(name, sample) : null, findings }
  } finally {
    await opened.close()
  }
}

/** Reader, tenant and principal are set: a writer and a handler are for later. */
function canCall({ selected }: Plan, io: Io): boolean {
  const resolved = resolveSelection(selected)
  const needed = [resolved.read_url_env, resolved.tenant_id_env, resolved.principal_env]
  return !unsetVariables(resolved, io).some((name) => needed.includes(name))
}
