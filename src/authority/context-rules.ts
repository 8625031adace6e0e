import type { ContextConfig } from '../contract/schema.js'
import { canonicalJson } from '../protocol/canonical.js'
import type { Judge, Judgement, Rules } from './change.js'
import { one, shownValue, whole } from './judges.js'

/** What it means that tenant and principal come from elsewhere. */
export function judgeContexts(from: ContextConfig | undefined, to: ContextConfig | undefined): readonly Judgement[] {
  if (from === undefined || to === undefined) return []
  const words = `Tenant and principal come from ${to.provider} instead of ${from.provider}.`
  if (from.provider !== to.provider) {
    if (to.provider === 'static_dev') return one('grew', words)
    return one(from.provider === 'static_dev' ? 'shrank' : 'grew', words)
  }
  if (from.provider !== 'static_dev' || to.provider !== 'static_dev') return isSame(from, to) ? [] : [...MOVED]
  if (from.values.tenant_id === to.values.tenant_id) return []
  const tenants = [to, from].map(({ values }) => shownValue(values?.tenant_id))
  return one('grew', `Every call acts for the tenant ${tenants.join(' instead of ')}.`)
}

function isSame(from: ContextConfig, to: ContextConfig): boolean {
  return canonicalJson(from) === canonicalJson(to)
}

const MOVED = one('grew', 'Tenant and principal are looked up in another place.')

const named: Judge = (before, after, scene) => {
  const name = scene.path.at(-1) ?? ''
  const [from, to] = [scene.old, scene.new].map(({ contexts }) =>
    Object.hasOwn(contexts, name) ? contexts[name] : undefined,
  )
  // By itself it grants nothing: what uses it is judged where it stands.
  if (from === undefined || to === undefined) return whole('context', 'changed')(before, after, scene)
  return judgeContexts(from, to)
}

export const CONTEXT_RULES: Rules = { each: { judge: named } }

export const DEFAULT_CONTEXT_RULES: Rules = {
  judge: (_before, _after, scene) => judgeContexts(scene.old.trusted_context, scene.new.trusted_context),
}
