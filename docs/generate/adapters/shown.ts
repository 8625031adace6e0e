import type { InlineEvidence } from '../../../src/index.js'
import type { PageContract, World } from './world.js'

/** What a framework hands to a model, printed and counted. */
export interface Shown {
  /** What a page may print, by name: text as it is, everything else as JSON. */
  readonly blocks: Readonly<Record<string, unknown>>
  /** What a model is sent, word for word, by what it is. Counted, not printed. */
  readonly texts: Readonly<Record<string, string>>
}

/** How the page of one adapter is printed. */
export interface AdapterPage {
  readonly contract: PageContract
  /** Has a scripted model make the calls of the world through the real framework. */
  show(world: World, inline_evidence: InlineEvidence): Promise<Shown>
}

/** The name of one of the three answers, with what came of it. */
export type Answers<Answer> = { readonly [Name in keyof World['calls']]: Answer }

/** Names the answers, which a framework gives in the order of the calls. */
export function nameAnswers<Answer>(answers: readonly (Answer | undefined)[]): Answers<Answer> {
  const [read, proposal, refusal] = answers
  if (read === undefined || proposal === undefined || refusal === undefined || answers.length !== 3) {
    throw new Error(`The framework gave ${answers.length} answers to 3 calls.`)
  }
  return { read, proposal, refusal }
}

/** The answer to the one call that starts a run. */
export function onlyAnswer<Answer>(answers: readonly (Answer | undefined)[]): Answer {
  const [answer] = answers
  if (answer === undefined || answers.length !== 1)
    throw new Error(`The framework gave ${answers.length} answers to 1 call.`)
  return answer
}
