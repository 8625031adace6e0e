import type { AdapterConfig } from '../contract/schema.js'
import type { Judge, Judgement, Rules } from './change.js'
import { members, one, ranked, shownValue, toggle, whole } from './judges.js'

type Exposure = NonNullable<AdapterConfig['expose']>[number]

const INLINE = ranked('What a model sees of an answer', [['handles_only'], ['summary'], ['full']], 'full')

/** Left out, all is shown that the mode allows. */
const exposed: Judge = (_before, _after, scene) => {
  const [from, to] = [scene.old, scene.new].map(({ adapters }) => adapters[scene.path[1] ?? '']?.expose)
  if (from === undefined && to === undefined) return []
  if (to === undefined) return one('grew', 'Everything is exposed that the mode allows.')
  if (from === undefined) return one('shrank', `Only ${to.map(thing).join(', ')} are exposed now.`)
  const gone = from.filter((each) => !to.some((other) => thing(other) === thing(each)))
  return [
    ...to.flatMap((exposure, index) => exposureChange(from, exposure, [String(index)])),
    ...gone.flatMap((each) => one('shrank', `The tool of ${thing(each)} is no longer exposed.`)),
  ]

  function exposureChange(earlier: readonly Exposure[], later: Exposure, at: readonly string[]): readonly Judgement[] {
    const same = earlier.filter((each) => thing(each) === thing(later))
    if (same.length === 0) return one('grew', `A tool of ${thing(later)} is exposed, too.`, at)
    if (same.some((each) => shownValue(each) === shownValue(later))) return []
    const [first] = same
    const inline = INLINE(first?.inline_evidence, later.inline_evidence, scene)
    if (inline.length > 0) return inline.map((each) => ({ ...each, at }))
    return one('changed', `The tool of ${thing(later)} is ${shownValue(later)} instead of ${shownValue(first)}.`, at)
  }
}

function thing({ capability, workflow }: Exposure): string {
  return capability ?? workflow ?? ''
}

const restricted = (what: string, whom: string) =>
  members({
    what,
    absent: 'all',
    adding: 'grew',
    added: (names) => `Sessions of ${whom} ${names} may use it, too.`,
    removed: (names) => `Sessions of ${whom} ${names} may no longer use it.`,
  })

export const ADAPTER_RULES: Rules = {
  each: {
    judge: whole('adapter'),
    keys: {
      expose: { judge: exposed },
      inline_evidence: { judge: INLINE },
      require_evidence: { judge: toggle('Whether an answer must cite evidence', 'shrank') },
      roles: { judge: restricted('Which roles may use it', 'the role') },
      tenants: { judge: restricted('Which tenants may use it', 'the tenant') },
    },
  },
}
