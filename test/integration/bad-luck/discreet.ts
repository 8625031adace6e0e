import { expect } from 'vitest'
import { ERROR_CODES, isRunnerError, type Logger, type RunnerError } from '../../../src/index.js'

/** Passwords that stand in URLs and nowhere else: wherever one turns up, it has leaked. */
export const CANARIES = ['c4n4ry-r34d3r', 'c4n4ry-wr1t3r'] as const

/** A logger that keeps what it is told. */
export function keptLog(): Logger & { readonly lines: readonly string[] } {
  const lines: string[] = []
  const keep = (message: string, details?: unknown): void => {
    lines.push(`${message} ${JSON.stringify(details ?? null)}`)
  }
  return { lines, info: keep, warn: keep }
}

/**
 * What a call threw, after it was looked over: a code of the table, a sentence for what happened and one for what to
 * do, no secret in anything that is shown or stored, no words of a driver, and no cause in its JSON.
 */
export async function refusalOf(
  work: () => unknown,
  { secrets = [], log = [] }: { readonly secrets?: readonly string[]; readonly log?: readonly string[] } = {},
): Promise<RunnerError> {
  const error: unknown = await (async () => work())().then(
    () => new Error('Nothing was refused.'),
    (thrown: unknown) => thrown,
  )
  if (!isRunnerError(error)) throw error
  const { code, message, next, details, stack = '' } = error
  expect(Object.keys(ERROR_CODES)).toContain(code)
  expect(message).toMatch(SENTENCE)
  expect(next).toMatch(SENTENCE)

  const json = JSON.stringify(error)
  expect(JSON.parse(json)).not.toHaveProperty('cause')
  for (const shown of [message, next, JSON.stringify(details), json, String(error), stack, ...log]) {
    for (const secret of [...CANARIES, ...secrets]) expect(shown).not.toContain(secret)
    for (const words of causes(error.cause)) expect(shown).not.toContain(words)
  }
  return error
}

const SENTENCE = /^(?:[A-Z`]|wrp_)[^\n]*[.)]$|^npm install \S+$/

/** The messages of a cause and of its causes, as far as they say more than a word. */
function causes(cause: unknown): readonly string[] {
  if (!(cause instanceof Error)) return []
  const own = isRunnerError(cause) || cause.message.length < 12 ? [] : [cause.message]
  return [...own, ...causes(cause.cause)]
}
