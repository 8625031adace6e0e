import type { Asker } from '../../src/cli/onboarding/wizard/asker.js'

/** What was asked, with the answer that stands there before anybody types. */
export interface AskedQuestion {
  readonly message: string
  readonly proposed: string | readonly string[] | boolean | undefined
  readonly options: readonly { readonly value: string; readonly hint?: string; readonly disabled?: boolean }[]
}

/** Somebody who answers by what a question is about, and takes what is proposed otherwise. */
export interface ScriptedAsker extends Asker {
  readonly asked: AskedQuestion[]
  readonly notes: string[]
}

type Answer = string | readonly string[] | boolean

export function scriptedAsker(answers: readonly (readonly [about: RegExp, answer: Answer])[] = []): ScriptedAsker {
  const asked: AskedQuestion[] = []
  const notes: string[] = []
  const answerTo = (question: AskedQuestion): Answer | undefined => {
    asked.push(question)
    const [, answer] = answers.find(([about]) => about.test(question.message)) ?? []
    return answer ?? question.proposed
  }
  const one: Asker['select'] = async ({ message, options, initial }) => {
    const answer = answerTo({ message, proposed: initial, options })
    const found = options.find(({ value, disabled }) => value === answer && disabled !== true)
    if (found === undefined) throw new Error(`Nobody can answer ${JSON.stringify(message)} with ${String(answer)}.`)
    return found.value
  }
  return {
    asked,
    notes,
    select: one,
    search: one,
    many: async ({ message, options, initial, required }) => {
      const answer = answerTo({ message, proposed: initial, options })
      const chosen = options
        .map(({ value }) => value)
        .filter((value) => Array.isArray(answer) && answer.includes(value))
      if (required && chosen.length === 0) throw new Error(`${message} needs an answer.`)
      return chosen
    },
    text: async ({ message, initial, check }) => {
      const answer = String(answerTo({ message, proposed: initial, options: [] }) ?? '')
      const wrong = check?.(answer)
      if (wrong !== undefined) throw new Error(`${message} ${wrong}`)
      return answer
    },
    confirm: async ({ message, initial }) => answerTo({ message, proposed: initial, options: [] }) === true,
    note: (text) => void notes.push(text),
  }
}
