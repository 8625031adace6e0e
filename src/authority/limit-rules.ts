import type { ParsedConfig } from '../contract/schema.js'
import type { Judge, Judgement, Rules } from './change.js'
import { amount, one } from './judges.js'

const LIMITS = {
  calls_per_minute: 'The calls in a minute',
  open_proposals: 'The open proposals',
  proposals_per_day: 'The proposals in a day',
} as const

type Limit = keyof typeof LIMITS

const NAMES: readonly Limit[] = ['calls_per_minute', 'open_proposals', 'proposals_per_day']

/** More may be asked for the higher a limit is, and without one without end. */
function limit(name: Limit): Rules {
  return { judge: amount({ what: LIMITS[name], absent: Number.POSITIVE_INFINITY, rising: 'grew' }) }
}

/** What a capability leaves out is as the limits for all: only what holds in the end is compared. */
const ofCapability: Judge = (_before, _after, scene) => {
  const name = scene.path.at(-1) ?? ''
  return NAMES.flatMap((each): readonly Judgement[] => {
    const [from, to] = [effective(scene.old, name, each), effective(scene.new, name, each)]
    if (from === to) return []
    const words = `${LIMITS[each]} of ${name} go from ${shown(from)} to ${shown(to)}.`
    return one(to > from ? 'grew' : 'shrank', words, [each])
  })
}

function effective({ rate_limits }: ParsedConfig, name: string, limitName: Limit): number {
  const ownLimits = rate_limits?.capabilities
  const own = ownLimits !== undefined && Object.hasOwn(ownLimits, name) ? ownLimits[name]?.[limitName] : undefined
  return own ?? rate_limits?.[limitName] ?? Number.POSITIVE_INFINITY
}

function shown(value: number): string {
  return Number.isFinite(value) ? String(value) : 'no limit'
}

export const LIMIT_RULES: Rules = {
  keys: {
    calls_per_minute: limit('calls_per_minute'),
    open_proposals: limit('open_proposals'),
    proposals_per_day: limit('proposals_per_day'),
    capabilities: { each: { judge: ofCapability } },
  },
}
