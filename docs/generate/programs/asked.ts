import type { Asker } from '../../../src/cli/onboarding/wizard/asker.js'

/** Somebody who takes what is proposed, unless it is said what they choose, and the table of what they were asked. */
export function takeProposed(chosen: Readonly<Record<string, string | readonly string[]>>) {
  const rows: string[] = []
  const keep = <Answer extends string | readonly string[] | boolean>(message: string, answer: Answer): Answer => {
    rows.push(`| ${message.split('\n')[0]} | ${shown(answer)} |`)
    return answer
  }
  const one: Asker['select'] = async ({ message, options, initial }) => {
    const wanted = chosen[message] ?? initial
    return keep(message, options.find(({ value }) => value === wanted)?.value ?? options[0]?.value ?? '')
  }
  const asker: Asker = {
    select: one,
    search: one,
    many: async ({ message, options, initial }) => {
      const wanted = chosen[message] ?? initial
      return keep(
        message,
        options.map(({ value }) => value).filter((value) => wanted.includes(value)),
      )
    },
    text: async ({ message, initial }) => keep(message, String(chosen[message] ?? initial)),
    confirm: async ({ message, initial }) => keep(message, initial),
    note: () => undefined,
  }
  return { asker: () => asker, table: () => ['| Question | Answer |', '| --- | --- |', ...rows].join('\n') }
}

function shown(answer: string | readonly string[] | boolean): string {
  if (typeof answer === 'boolean') return answer ? 'yes' : 'no'
  const values = typeof answer === 'string' ? [answer] : answer
  const filled = values.filter((value) => value !== '')
  return filled.length === 0 ? 'nothing' : filled.map((value) => `\`${value}\``).join(', ')
}
