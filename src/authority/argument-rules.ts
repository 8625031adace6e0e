import { DEFAULT_MAX_LENGTH } from '../capability/arguments.js'
import { argumentMisfit } from '../contract/argument-value.js'
import type { Judge, Rules } from './change.js'
import { amount, members, one, replaced, restriction, shownValue, toggle } from './judges.js'

/** Types whose values another type takes, too. */
const TAKEN_BY: Readonly<Record<string, string>> = { integer: 'number' }

const type: Judge = (before, after) => {
  const words = `Its type goes from ${shownValue(before)} to ${shownValue(after)}.`
  if (TAKEN_BY[String(before)] === after) return one('grew', words)
  if (TAKEN_BY[String(after)] === before) return one('shrank', words)
  return one('changed', words)
}

/** What another pattern lets through cannot be told: more than before, until somebody has looked. */
const pattern: Judge = (before, after, scene) =>
  (before === undefined || after === undefined ? restriction('A pattern') : replaced('The pattern'))(
    before,
    after,
    scene,
  )

/** Whether an argument does something is for what uses it to tell. */
const wholeArgument: Judge = (before, after, { path }) => {
  const name = path.at(-1) ?? ''
  if (before === undefined) return one('changed', `The argument ${name} was added.`)
  if (after === undefined) return one('changed', `The argument ${name} was removed.`)
  return []
}

/** One argument of a capability, or one input of a workflow. */
export const ARGUMENT_RULES: Rules = {
  judge: wholeArgument,
  keys: {
    type: { judge: type },
    required: { judge: toggle('Whether the argument must be given', 'shrank') },
    max_length: { judge: amount({ what: 'Its greatest length', absent: DEFAULT_MAX_LENGTH, rising: 'grew' }) },
    minimum: { judge: amount({ what: 'Its least value', absent: Number.NEGATIVE_INFINITY, rising: 'shrank' }) },
    maximum: { judge: amount({ what: 'Its greatest value', absent: Number.POSITIVE_INFINITY, rising: 'grew' }) },
    pattern: { judge: pattern },
    enum: {
      judge: members({
        what: 'What it may be',
        absent: 'all',
        adding: 'grew',
        added: (values) => `It may be ${values}, too.`,
        removed: (values) => `It may no longer be ${values}.`,
      }),
    },
  },
}

type Argument = Parameters<typeof argumentMisfit>[0]

/** Whether an argument could have had this value. */
export function couldBe(argument: Argument | undefined, value: string | number | boolean | null): boolean {
  return argument !== undefined && argumentMisfit(argument, value) === undefined
}
