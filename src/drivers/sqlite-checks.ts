/** Finds the checks in a `create table` of SQLite, which keeps them nowhere but in the statement as it was written. */

/** A comment, a string, a quoted name, a word, or any other character. */
const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|[\w$\u0080-\uffff]+|[^\s\w]/g

/** The expressions of its checks, in the order in which they stand there. */
export function checksOf(sql: string): readonly string[] {
  const tokens = [...sql.matchAll(TOKEN)].map(({ 0: text, index }) => ({ text, index }))
  const words = tokens.filter(({ text }) => !isComment(text))
  const checks: string[] = []
  for (const [place, { text }] of words.entries()) {
    const open = words[place + 1]
    if (text.toLowerCase() !== 'check' || open?.text !== '(') continue
    const close = closingOf(words, place + 1)
    if (close !== undefined) checks.push(sql.slice(open.index + 1, close).trim())
  }
  return checks
}

function isComment(text: string): boolean {
  return text.startsWith('--') || text.startsWith('/*')
}

/** Where the bracket that opens at `place` closes. */
function closingOf(words: readonly { readonly text: string; readonly index: number }[], place: number) {
  let depth = 0
  for (const { text, index } of words.slice(place)) {
    if (text === '(') depth += 1
    if (text === ')') depth -= 1
    if (depth === 0) return index
  }
  return undefined
}
