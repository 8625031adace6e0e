/** Number of single-letter edits (swapped neighbours count once) that turn `a` into `b`. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)]
  const at = (row: number, column: number): number => rows[row]?.[column] ?? Number.POSITIVE_INFINITY
  for (let row = 1; row <= a.length; row += 1) {
    const next = [row]
    rows.push(next)
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1]
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      next[column] = Math.min(
        at(row - 1, column) + 1,
        at(row, column - 1) + 1,
        at(row - 1, column - 1) + (same ? 0 : 1),
        swapped ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY,
      )
    }
  }
  return at(a.length, b.length)
}

/** Spelling without case, underscores and hyphens, so that `tenantKey` is near `tenant_key`. */
export function fold(name: string): string {
  return name.replace(/[_-]/g, '').toLowerCase()
}

/** The one of `known` that was probably meant by `given`, or `undefined`. */
export function suggest(given: string, known: Iterable<string>): string | undefined {
  if (given.length > 64) return undefined
  const nearest = [...known]
    .map((name) => ({ name, edits: distance(fold(given), fold(name)) }))
    .sort((a, b) => a.edits - b.edits)[0]
  if (nearest === undefined || nearest.edits > Math.max(1, Math.floor(nearest.name.length / 4))) return undefined
  return nearest.name
}

/** ` Did you mean …?`, or nothing. */
export function didYouMean(given: string, known: Iterable<string>): string {
  const name = suggest(given, known)
  return name === undefined ? '' : ` Did you mean \`${name}\`?`
}

/** A name as it may stand in a message: short, on one line. */
export function shown(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]/g, '?')
  return plain.length > 64 ? `${plain.slice(0, 61)}...` : plain
}
