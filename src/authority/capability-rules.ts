import {
  contextOf,
  executorNameOf,
  executorOf,
  findCapability,
  findSource,
  separatesDuties,
} from '../contract/resolve.js'
import type { CapabilityConfig, ParsedConfig } from '../contract/schema.js'
import { ARGUMENT_RULES } from './argument-rules.js'
import type { Judge, Rules, Scene } from './change.js'
import { judgeContexts } from './context-rules.js'
import {
  amount,
  elsewhere,
  members,
  one,
  otherwise,
  ranked,
  replaced,
  restriction,
  shownValue,
  toggle,
} from './judges.js'
import { BOUND_RULES, PATCH_RULES, TRANSITION_RULES } from './patch-rules.js'

function capabilityAt(config: ParsedConfig, { path }: Scene): CapabilityConfig | undefined {
  return findCapability(config, path[1] ?? '')
}

const whole: Judge = (_before, _after, scene) => {
  const [from, to] = [capabilityAt(scene.old, scene), capabilityAt(scene.new, scene)]
  if (from === undefined && to !== undefined) return one('grew', `It was added: it may ${doing(to)}.`)
  if (from !== undefined && to === undefined) return one('shrank', `It was removed: it may no longer ${doing(from)}.`)
  if (from === undefined || to === undefined || from.kind === to.kind) return []
  // Nothing of the one is left in the other.
  return [
    { direction: 'grew', message: `It may ${doing(to)} now.`, at: ['kind'] },
    { direction: 'shrank', message: `It may no longer ${doing(from)}.`, at: ['kind'] },
  ]
}

function doing(capability: CapabilityConfig): string {
  const { table } = capability.target
  if (capability.kind === 'read') return `read ${capability.visible_columns.join(', ')} of ${table}`
  return `propose changes of ${Object.keys(capability.patch).join(', ')} of ${table}`
}

const source: Judge = (before, after, scene) => {
  const [from, to] = [capabilityAt(scene.old, scene), capabilityAt(scene.new, scene)]
  if (from === undefined || to === undefined) return []
  const [here, there] = [findSource(scene.old, from), findSource(scene.new, to)]
  if (shownValue(here) === shownValue(there)) return []
  return replaced('The source')(before, after, scene)
}

const context: Judge = (_before, _after, scene) => {
  const [from, to] = [capabilityAt(scene.old, scene), capabilityAt(scene.new, scene)]
  if (from === undefined || to === undefined) return []
  return judgeContexts(contextOf(scene.old, from), contextOf(scene.new, to))
}

const schema: Judge = (before, after, scene) => {
  const isPostgres = [scene.old, scene.new].every((config) => {
    const capability = capabilityAt(config, scene)
    return capability !== undefined && findSource(config, capability)?.engine === 'postgres'
  })
  const [from, to] = isPostgres ? [before ?? 'public', after ?? 'public'] : [before, after]
  return from === to ? [] : replaced('The schema of the table')(from, to, scene)
}

const tenantKey: Judge = (before, after, scene) => {
  if (after === undefined) return one('grew', 'It is no longer bound to a tenant.')
  if (before === undefined) return one('shrank', `It is bound to the tenant in ${shownValue(after)} now.`)
  return replaced('The column that holds the tenant')(before, after, scene)
}

const lookup: Judge = (before, after) => {
  if (before === undefined) return one('shrank', 'It finds one row by its key, and lists none.')
  if (after === undefined) return one('grew', 'It lists rows: no key is asked for.')
  return []
}

const guardColumn: Judge = (before, after) => {
  if (before === undefined)
    return one('shrank', `A version column guards against stale rows now: ${shownValue(after)}.`)
  if (after === undefined) return one('grew', 'No version column guards against stale rows any more.')
  return one('grew', `Another version column guards against stale rows: ${shownValue(after)}.`)
}

const duties: Judge = (before, after, scene) => {
  const [from, to] = [capabilityAt(scene.old, scene), capabilityAt(scene.new, scene)]
  if (from?.kind !== 'proposal' || to?.kind !== 'proposal') return []
  return toggle('Whether the proposer may not approve', 'shrank')(
    before ?? separatesDuties(scene.old, from),
    after ?? separatesDuties(scene.new, to),
    scene,
  )
}

/** Who writes. Where the runner does, the reviewed columns and the guard hold to the last. */
const performer: Judge = (_before, _after, scene) => {
  const [from, to] = [performerOf(scene.old, scene), performerOf(scene.new, scene)]
  if (from === to) return []
  const words = `What is approved is applied by ${to} instead of ${from}.`
  if (to === 'none') return one('shrank', words)
  if (from === 'none') return one('grew', words)
  if (from === 'sql_update') return one('grew', words)
  return one(to === 'sql_update' ? 'shrank' : 'changed', words)
}

function performerOf(config: ParsedConfig, scene: Scene): string {
  const capability = capabilityAt(config, scene)
  if (capability?.kind !== 'proposal') return 'none'
  const mode = capability.writeback?.mode
  if (mode === 'none' || mode === 'cloud_worker') return mode
  if (executorNameOf(capability) !== undefined) return executorOf(config, capability).type
  return mode === 'app_handler' ? mode : 'sql_update'
}

export const CAPABILITY_RULES: Rules = {
  judge: whole,
  keys: {
    source: { judge: source },
    context: { judge: context },
    target: {
      keys: {
        schema: { judge: schema },
        table: { judge: replaced('The table') },
        primary_key: { judge: otherwise('The column that names a row') },
        tenant_key: { judge: tenantKey },
        single_tenant_dev: { judge: toggle('Whether the table has no tenant', 'grew') },
      },
    },
    args: { each: ARGUMENT_RULES },
    lookup: { judge: lookup, keys: { id_from_arg: { judge: elsewhere('The argument that names the row') } } },
    visible_columns: {
      judge: members({
        what: 'What is visible',
        absent: 'none',
        adding: 'grew',
        added: (columns) => `It shows ${columns}, too.`,
        removed: (columns) => `It no longer shows ${columns}.`,
      }),
    },
    untrusted_columns: {
      judge: members({
        what: 'What is marked as data',
        absent: 'none',
        adding: 'shrank',
        added: (columns) => `What stands in ${columns} is marked as data of outsiders now.`,
        removed: (columns) => `What stands in ${columns} is no longer marked as data of outsiders.`,
      }),
    },
    evidence: { judge: ranked('Evidence', [['required'], ['optional']]) },
    max_rows: { judge: amount({ what: 'The most rows of an answer', absent: 1, rising: 'grew' }) },
    patch: PATCH_RULES,
    allowed_columns: {
      judge: members({
        what: 'What a patch may touch',
        absent: 'none',
        adding: 'grew',
        added: (columns) => `A patch may touch ${columns}, too.`,
        removed: (columns) => `A patch may no longer touch ${columns}.`,
      }),
    },
    numeric_bounds: BOUND_RULES,
    transition_guards: TRANSITION_RULES,
    conflict_guard: {
      keys: {
        column: { judge: guardColumn },
        weak_guard_ack: { judge: otherwise('Whether the weaker guard is accepted') },
      },
    },
    approval: {
      keys: {
        mode: { judge: ranked('Who decides', [['human', 'operator'], ['policy']]) },
        required_role: { judge: role },
        required_approvals: {
          judge: amount({ what: 'The number of people who must approve', absent: 1, rising: 'shrank' }),
        },
        policy: { judge: restriction('A policy') },
        separation_of_duties: { judge: duties },
      },
    },
    executor: { judge: performer },
    writeback: { keys: { mode: { judge: performer }, executor: { judge: performer } } },
    expires_in_seconds: { judge: amount({ what: 'The life of a proposal in seconds', absent: 0, rising: 'grew' }) },
    risk: { judge: risk },
    on_active_proposal: {
      judge: ranked('What happens beside an active proposal', [['refuse'], ['supersede'], ['allow']]),
    },
  },
}

/** Another role is held by other people. */
function role(before: unknown, after: unknown): ReturnType<Judge> {
  if (before === undefined) return one('shrank', `An approver needs the role ${shownValue(after)} now.`)
  if (after === undefined) return one('grew', `An approver no longer needs the role ${shownValue(before)}.`)
  return one('grew', `An approver needs the role ${shownValue(after)} instead of ${shownValue(before)}.`)
}

/** Workflows ask for more the greater the risk is. */
function risk(before: unknown, after: unknown, scene: Scene): ReturnType<Judge> {
  return ranked('The risk', [['high'], ['medium'], ['low'], ['none']])(before ?? 'none', after ?? 'none', scene)
}
