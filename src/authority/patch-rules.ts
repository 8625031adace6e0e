import { findCapability } from '../contract/resolve.js'
import type { ParsedConfig, PatchValue, ProposalCapability } from '../contract/schema.js'
import { couldBe } from './argument-rules.js'
import type { Judge, Judgement, Rules, Scene } from './change.js'
import { amount, members, one, shownValue } from './judges.js'

/** The proposals of both contracts that a place lies in. */
function proposalsAt({ old, new: next, path }: Scene) {
  return [proposalOf(old, path[1]), proposalOf(next, path[1])] as const
}

function proposalOf(config: ParsedConfig, name = ''): ProposalCapability | undefined {
  const found = findCapability(config, name)
  return found?.kind === 'proposal' ? found : undefined
}

function own<Value>(record: Readonly<Record<string, Value>> | undefined, key: string): Value | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined
}

const patched: Judge = (_before, _after, scene) => {
  const column = scene.path.at(-1) ?? ''
  const [before, after] = proposalsAt(scene)
  const [from, to] = [own(before?.patch, column), own(after?.patch, column)]
  if (before === undefined || after === undefined || (from === undefined && to === undefined)) return []
  if (to === undefined) return one('shrank', `It no longer changes ${column}.`)
  if (from === undefined) return one('grew', `It changes ${column}, too: ${source(to)}.`)
  return replacedValue(column, [before, from], [after, to])
}

type Side = readonly [capability: ProposalCapability, value: PatchValue]

function replacedValue(column: string, [before, from]: Side, [after, to]: Side): readonly Judgement[] {
  const words = `The column ${column} is set ${source(to)} instead of ${source(from)}.`
  if ('fixed' in to) {
    const wasPossible = 'from_arg' in from && couldBe(own(before.args, from.from_arg), to.fixed)
    return one(wasPossible ? 'shrank' : 'grew', words)
  }
  if ('fixed' in from) return one('grew', words)
  const rules = [own(before.args, from.from_arg), own(after.args, to.from_arg)].map(ruleOf)
  return one(rules[0] === rules[1] ? 'changed' : 'grew', words)
}

function ruleOf(argument: object | undefined): string {
  return shownValue({ ...argument, description: null })
}

function source(value: PatchValue): string {
  return 'fixed' in value ? `to ${shownValue(value.fixed)}` : `from the argument ${value.from_arg}`
}

/** A limit of a column that comes or goes with the column itself says nothing more. */
function withPatch(kind: string): Judge {
  return (before, after, scene) => {
    const column = scene.path.at(-1) ?? ''
    const [old, next] = proposalsAt(scene)
    const stays = own(old?.patch, column) !== undefined && own(next?.patch, column) !== undefined
    if (before === undefined) {
      return one(stays ? 'shrank' : 'changed', `${kind} of ${column} were added: ${shownValue(after)}.`)
    }
    if (after === undefined) {
      return one(stays ? 'grew' : 'changed', `${kind} of ${column} were removed: ${shownValue(before)}.`)
    }
    return []
  }
}

export const PATCH_RULES: Rules = { each: { judge: patched } }

export const BOUND_RULES: Rules = {
  each: {
    judge: withPatch('The bounds'),
    keys: {
      minimum: { judge: amount({ what: 'The least value', absent: Number.NEGATIVE_INFINITY, rising: 'shrank' }) },
      maximum: { judge: amount({ what: 'The greatest value', absent: Number.POSITIVE_INFINITY, rising: 'grew' }) },
    },
  },
}

const followed: Judge = (before, after, scene) => {
  const state = scene.path.at(-1) ?? ''
  return members({
    what: `What may follow ${state}`,
    absent: 'none',
    adding: 'grew',
    added: (states) => `The state ${state} may become ${states}, too.`,
    removed: (states) => `The state ${state} may no longer become ${states}.`,
  })(before, after, scene)
}

export const TRANSITION_RULES: Rules = {
  each: {
    judge: withPatch('The transitions'),
    keys: { allowed: { each: { judge: followed } } },
  },
}
