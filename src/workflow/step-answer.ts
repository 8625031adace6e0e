/** Steps that wait for what somebody outside the run says: its caller, or the app. */
import { type ArgumentRule, type Arguments, parseArguments } from '../capability/arguments.js'
import { refuseSecret } from '../policy/secrets.js'
import type { CalledStep, Pass } from './pass.js'

type Rules = ReadonlyMap<string, ArgumentRule>

/** A question to the caller, and the rules for its answer. */
export interface Question {
  readonly question: string
  readonly rules: Rules
}

/** Waits until the caller has answered. */
export function awaitInformation(pass: Pass, key: string, { question, rules }: Question): Promise<Arguments> {
  const asked = { question, answers: spelled(rules) }
  return awaitAnswer(pass, { key, kind: 'information', asked }, { question, rules })
}

/** Waits until the app has told of an event. */
export function awaitExternal(pass: Pass, key: string, rules: Rules): Promise<Arguments> {
  return awaitAnswer(pass, { key, kind: 'external', asked: { tells: spelled(rules) } }, { question: null, rules })
}

interface AnswerStep extends CalledStep {
  readonly kind: 'information' | 'external'
}

interface Expected {
  readonly question: string | null
  readonly rules: Rules
}

const WHAT = { information: 'information', external: 'event' } as const
const WAITS = { information: 'waiting_information', external: 'waiting_external' } as const

function awaitAnswer(pass: Pass, step: AnswerStep, { question, rules }: Expected): Promise<Arguments> {
  const { key, kind } = step
  return pass.take(
    step,
    (earlier) => earlier.output as Arguments,
    async (request) => {
      const delivery = pass.takeDelivery(key, WHAT[kind])
      if (delivery === undefined) return pass.wait({ key, kind, request, proposal_id: null, question }, WAITS[kind])
      const output = await pass.forCaller(() => accepted(rules, delivery.value))
      pass.finish({ key, kind, request, output: { ...output } })
      return output
    },
  )
}

/** @throws RunnerError `INVALID_ARGUMENT` or `SECRET_REFUSED`. */
function accepted(rules: Rules, value: unknown): Arguments {
  const parsed = parseArguments(rules, value)
  for (const [name, each] of Object.entries(parsed)) if (typeof each === 'string') refuseSecret(name, each)
  return parsed
}

/** Rules as they are compared: a schema that has changed is another question. */
function spelled(rules: Rules) {
  return Object.fromEntries(
    [...rules].map(([name, { description: _, pattern, ...rule }]) => [
      name,
      Object.fromEntries(
        Object.entries({ ...rule, pattern: pattern?.source }).filter(([, value]) => value !== undefined),
      ),
    ]),
  )
}
