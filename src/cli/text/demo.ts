import type { View } from '../command.js'
import type { DemoDocument } from '../commands/demo.js'
import { escapeUntrusted } from '../untrusted-text.js'

export function renderDemo({ folder, steps, next }: DemoDocument, { paint }: View): string {
  const story = steps.map(({ title, outcome }, place) =>
    [`${paint.cyan(String(place + 1).padStart(2))}  ${title}`, `    ${paint.dim(escapeUntrusted(outcome))}`].join('\n'),
  )
  const kept =
    folder === null
      ? 'Nothing was kept. To have it on your disk:'
      : `Contract, database and ledger lie in ${escapeUntrusted(folder)}. Go on from there:`
  return [
    paint.bold('An agent asks, a person decides, the runner writes once'),
    '',
    ...story,
    '',
    kept,
    '',
    ...next.map((line) => `  ${escapeUntrusted(line)}`),
  ].join('\n')
}
