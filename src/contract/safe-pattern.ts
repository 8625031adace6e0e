/** Most steps that matching one value may take. About a second at the worst. */
const MOST_STEPS = 100_000_000

interface Group {
  varies: boolean
}

interface Repetition {
  readonly least: number
  readonly most: number
  readonly length: number
}

function repetitionAt(pattern: string, index: number): Repetition | undefined {
  const match = /^(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/.exec(pattern.slice(index, index + 16))
  if (match === null) return undefined
  const [{ length }, sign, from, comma, to] = match
  if (sign === '?') return { least: 0, most: 1, length }
  if (sign !== undefined) return { least: sign === '+' ? 1 : 0, most: Number.POSITIVE_INFINITY, length }
  const least = Number(from)
  if (comma === '') return { least, most: least, length }
  return { least, most: to === '' ? Number.POSITIVE_INFINITY : Number(to), length }
}

/** Length of the atom at `index`: an escape, a class, or one character. */
function atomLength(pattern: string, index: number): number {
  const rest = pattern.slice(index)
  const escaped = /^\\(?:[pPu]\{[^}]*\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c.|.)/su.exec(rest)
  if (escaped !== null) return escaped[0].length
  const set = /^\[(?:\\.|[^\]\\])*\]/su.exec(rest)
  return set === null ? 1 : set[0].length
}

/**
 * Says in a sentence why `pattern` may not be used on values of at most `maxLength` characters, or `undefined`.
 *
 * Matching by backtracking costs the product of the ways in which each repetition can end. A repetition inside another
 * makes that exponential and is refused; the others are multiplied, and the product is bounded.
 */
export function patternProblem(pattern: string, maxLength: number = Number.POSITIVE_INFINITY): string | undefined {
  try {
    new RegExp(pattern, 'u')
  } catch {
    return 'Correct the pattern: it is no regular expression (JavaScript, with the `u` flag).'
  }
  const open: Group[] = [{ varies: false }]
  let steps = pattern.startsWith('^') ? 1 : maxLength
  let atom: Group = { varies: false }
  let index = 0

  while (index < pattern.length) {
    const character = pattern[index]
    const repetition = repetitionAt(pattern, index)
    if (repetition !== undefined) {
      if (repetition.most > 1 && atom.varies) {
        return 'Do not repeat a group that holds repetitions, optional parts or alternatives: matching could take for ever.'
      }
      const ways = Math.min(repetition.most - repetition.least + 1, maxLength)
      if (ways > 1) {
        steps *= ways
        for (const group of open) group.varies = true
      }
      index += repetition.length
      continue
    }
    if (character === '(') {
      open.push({ varies: false })
      index += /^\((?:\?(?:[:=!]|<[=!]|<[^>]*>))?/u.exec(pattern.slice(index))?.[0].length ?? 1
      continue
    }
    if (character === ')') {
      atom = open.pop() ?? { varies: false }
      index += 1
      continue
    }
    if (character === '|') for (const group of open) group.varies = true
    if (/^\\(?:[1-9]|k<)/.test(pattern.slice(index)))
      return 'Do not refer back to a group: matching could take for ever.'
    atom = { varies: false }
    index += atomLength(pattern, index)
  }
  if (steps <= MOST_STEPS) return undefined
  return 'Give a (smaller) `max_length`, anchor the pattern with ^, or repeat less: matching could take too long.'
}
