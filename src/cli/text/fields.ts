import { pad } from './table.js'

/** One line of a card: what it is called, and what stands behind it. Already escaped. */
export type Field = readonly [label: string, value: string]

const INDENT = '  '

/** Labels under each other, values under each other, long ones broken to fit the width. */
export function renderFields(fields: readonly Field[], columns: number): string {
  const labels = Math.max(...fields.map(([label]) => label.length)) + 2
  const width = Math.max(20, columns - INDENT.length - labels)
  return fields
    .flatMap(([label, value]) =>
      broken(value, width).map((line, place) => `${INDENT}${pad(place === 0 ? label : '', labels)}${line}`.trimEnd()),
    )
    .join('\n')
}

/** At blanks alone: a hash or an id stays in one piece, to be copied, and the terminal breaks it if it must. */
function broken(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const lines: string[] = []
    let rest = line
    while (rest.length > width) {
      const before = rest.lastIndexOf(' ', width)
      const at = before > 0 ? before : rest.indexOf(' ', width)
      if (at < 0) break
      lines.push(rest.slice(0, at))
      rest = rest.slice(at + 1)
    }
    return [...lines, rest]
  })
}
