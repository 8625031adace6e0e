import picocolors from 'picocolors'

/** Tells what happens. */
export interface Narrator {
  title(text: string): void
  /** Begins the next numbered step. */
  step(title: string): void
  /** The call that is about to be made, as one would write it. */
  call(code: string): void
  /** Something that somebody does meanwhile. */
  event(text: string): void
  /** Something that was checked and holds. */
  fact(text: string): void
  /** Something that was refused, as it should be. */
  refused(code: string, message: string): void
  /** Text of several lines, shown as it is. */
  block(text: string): void
  note(text: string): void
}

export interface NarratorOptions {
  readonly colors: boolean
  /** One line a step, nothing else. */
  readonly brief: boolean
  readonly write: (text: string) => void
}

export function createNarrator({ colors, brief, write }: NarratorOptions): Narrator {
  const paint = picocolors.createColors(colors)
  const line = (text = '') => write(`${text}\n`)
  const detail = (text: string) => (brief ? undefined : line(`    ${text}`))
  let step = 0
  return {
    title: (text) => line(`\n${paint.bold(text)}`),
    step: (title) => {
      step += 1
      if (!brief) line()
      line(`${paint.cyan(String(step).padStart(2))}  ${brief ? title : paint.bold(title)}`)
    },
    call: (code) => detail(paint.dim(`> ${code}`)),
    event: (text) => detail(`-- ${text}`),
    fact: (text) => detail(`${paint.green('ok')} ${text}`),
    refused: (code, message) => detail(`${paint.green('ok')} refused: ${paint.yellow(code)}. ${message}`),
    block: (text) => {
      for (const each of text.trimEnd().split('\n')) detail(`  ${paint.dim(each)}`)
    },
    note: (text) => line(text),
  }
}
