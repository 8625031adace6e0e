import type { ParsedConfig, StepConfig, WorkflowConfig } from '../contract/schema.js'
import { ARGUMENT_RULES } from './argument-rules.js'
import type { Judge, Judgement, Rules, Scene } from './change.js'
import { amount, members, one, shownValue, whole } from './judges.js'

function workflowAt({ workflows }: ParsedConfig, { path }: Scene): WorkflowConfig | undefined {
  return workflows.find(({ name }) => name === path[1])
}

const required: Judge = (before, after) => {
  if (after === undefined) return one('grew', 'A proposal no longer needs a read of the same run before it.')
  if (before === undefined) return one('shrank', 'A proposal needs a read of the same run before it now.')
  return []
}

/** What each risk asks for. Two entries for one risk are for the plain comparison. */
const approvals: Judge = (_before, _after, scene) => {
  const [from, to] = [scene.old, scene.new].map((config) => workflowAt(config, scene)?.approvals ?? [])
  return (['low', 'medium', 'high'] as const).flatMap((risk) => {
    const [earlier, later] = [from, to].map((list) => list?.filter(({ on_risk }) => on_risk === risk) ?? [])
    if (earlier === undefined || later === undefined || shownValue(earlier) === shownValue(later)) return []
    const words = `What a ${risk} risk asks for goes from ${shownValue(earlier)} to ${shownValue(later)}.`
    return one(weight(earlier, later), words)
  })
}

type Approvals = NonNullable<WorkflowConfig['approvals']>

/** More people, or a role where there was none, is less authority; another role is held by others. */
function weight(earlier: Approvals, later: Approvals): Judgement['direction'] {
  const people = (list: Approvals) => Math.max(1, ...list.map(({ required_approvals = 1 }) => required_approvals))
  const roles = (list: Approvals) => new Set(list.flatMap(({ required_role }) => required_role ?? []))
  const isRoleGone = [...roles(earlier)].some((each) => !roles(later).has(each))
  if (isRoleGone || people(later) < people(earlier)) return 'grew'
  return roles(later).size > roles(earlier).size || people(later) > people(earlier) ? 'shrank' : 'changed'
}

/** What a run can do is for its capabilities to say: steps only order it. */
const steps: Judge = (_before, _after, scene) => {
  const [from, to] = [scene.old, scene.new].map((config) => workflowAt(config, scene)?.steps)
  if (from === undefined || to === undefined) return []
  const keys = new Set([...from, ...to].map(({ key }) => key))
  return [...keys].flatMap((key) => stepChange(key, from, to))
}

function stepChange(key: string, from: readonly StepConfig[], to: readonly StepConfig[]): readonly Judgement[] {
  const [earlier, later] = [from, to].map((list) => list.find((step) => step.key === key))
  const place = [String(to.findIndex((step) => step.key === key))]
  if (later === undefined) return one('changed', `The step ${key} was removed.`)
  if (earlier === undefined) return one('changed', `The step ${key} was added.`, place)
  if (shownValue(earlier) === shownValue(later)) return []
  return one('changed', `The step ${key} goes from ${shownValue(earlier)} to ${shownValue(later)}.`, place)
}

export const WORKFLOW_RULES: Rules = {
  judge: whole('workflow'),
  keys: {
    input: { each: ARGUMENT_RULES },
    session_require: {
      judge: members({
        what: 'What a session must be bound to',
        absent: 'none',
        adding: 'shrank',
        added: (fields) => `A session must be bound to ${fields}, too.`,
        removed: (fields) => `A session need no longer be bound to ${fields}.`,
      }),
    },
    allowed_capabilities: {
      judge: members({
        what: 'What a run may call',
        absent: 'none',
        adding: 'grew',
        added: (names) => `A run may call ${names}, too.`,
        removed: (names) => `A run may no longer call ${names}.`,
      }),
    },
    evidence: { judge: required },
    approvals: { judge: approvals },
    expires_in_seconds: {
      judge: amount({ what: 'The time that a run may take in seconds', absent: 0, rising: 'grew' }),
    },
    steps: { judge: steps },
  },
}
