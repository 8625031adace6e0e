import * as prompts from '@clack/prompts'
import { RunnerError } from '../../../errors.js'
import { escapeUntrusted } from '../../untrusted-text.js'
import type { Asker, Option } from './asker.js'

/** Longer lists scroll. */
const MOST_LINES = 12

/** Asks at the terminal. On stderr: stdout is for the answer alone. */
export function terminalAsker(): Asker {
  const output = process.stderr
  return {
    select: async ({ message, options, initial }) =>
      answered(
        await prompts.select({ message, options: options.map(shown), ...given(initial), maxItems: MOST_LINES, output }),
      ),
    search: async ({ message, options, initial }) =>
      answered(
        await prompts.autocomplete({
          message,
          options: options.map(shown),
          ...given(initial),
          maxItems: MOST_LINES,
          placeholder: 'Type to search',
          output,
        }),
      ),
    many: async ({ message, options, initial, required }) =>
      answered(
        await prompts.multiselect({
          message,
          options: options.map(shown),
          initialValues: [...initial],
          required,
          maxItems: MOST_LINES,
          output,
        }),
      ),
    text: async ({ message, initial, check }) =>
      answered(
        await prompts.text({
          message,
          placeholder: initial,
          defaultValue: initial,
          validate: (text) => check?.((text ?? '') === '' ? initial : (text ?? '')),
          output,
        }),
      ),
    confirm: async ({ message, initial }) =>
      answered(await prompts.confirm({ message, initialValue: initial, output })),
    note: (text) => prompts.log.message(escapeUntrusted(text), { output }),
  }
}

function given(initialValue: string | undefined) {
  return initialValue === undefined ? {} : { initialValue }
}

/** Names of a database are text from elsewhere. */
function shown({ value, label, hint, disabled = false }: Option) {
  const beside = hint === undefined ? {} : { hint: escapeUntrusted(hint) }
  return { value, label: escapeUntrusted(label), disabled, ...beside }
}

/** @throws RunnerError `INVALID_ARGUMENT` where the person has stopped. */
function answered<Answer>(answer: Answer | typeof prompts.CANCEL_SYMBOL): Answer {
  if (isAnswer(answer)) return answer
  throw new RunnerError('INVALID_ARGUMENT', 'Stopped. Nothing was written.', { next: 'Start again whenever you like.' })
}

function isAnswer<Answer>(answer: Answer | typeof prompts.CANCEL_SYMBOL): answer is Answer {
  return !prompts.isCancel(answer)
}
