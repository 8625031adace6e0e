/** The words of a check expression, as PostgreSQL, MySQL and SQLite write them. */

export type Token =
  /** A name or keyword without quotes. */
  | { readonly type: 'word'; readonly text: string }
  /** A name in the engine's quotes, without them. */
  | { readonly type: 'name'; readonly text: string }
  | { readonly type: 'string'; readonly text: string }
  /** Plain digits. */
  | { readonly type: 'number'; readonly text: string }
  | { readonly type: 'sign'; readonly text: string }
  /** What no rule here knows, such as a quote that does not close: nothing around it can be trusted. */
  | { readonly type: 'unknown'; readonly text: string }

/** In this order. A string with a backslash means another one on each engine, so that it is not read. */
const PATTERNS: readonly (readonly [RegExp, (match: RegExpExecArray) => Token | undefined])[] = [
  [/\s+|--(?=\s)[^\n]*|\/\*[\s\S]*?\*\//y, () => undefined],
  // MySQL 8 writes strings of its own so, and no other way.
  [/_\w+\\'([^'\\]*)\\'/y, ([, text = '']) => ({ type: 'string', text })],
  [/_\w+(?=')/y, () => undefined],
  [/'((?:[^'\\]|'')*)'/y, ([, text = '']) => ({ type: 'string', text: text.replaceAll("''", "'") })],
  [/"((?:[^"]|"")+)"/y, ([, text = '']) => ({ type: 'name', text: text.replaceAll('""', '"') })],
  [/`((?:[^`]|``)+)`/y, ([, text = '']) => ({ type: 'name', text: text.replaceAll('``', '`') })],
  [/\d+(?:\.\d+)?(?![\w.])/y, ([text]) => ({ type: 'number', text })],
  [/[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y, ([text]) => ({ type: 'word', text })],
  [/::|<=>|<=|>=|<>|!=|\|\||&&|--|[-+*/%=<>(),[\]~!@#&|^?:.]/y, ([text]) => ({ type: 'sign', text })],
]

/** Longer ones are no rule about a column that a person would want to see. */
const MAX_LENGTH = 20_000

export function tokensOf(expression: string): readonly Token[] {
  if (expression.length > MAX_LENGTH) return [{ type: 'unknown', text: '' }]
  const tokens: Token[] = []
  let place = 0
  while (place < expression.length) {
    const { end, token } = tokenAt(expression, place)
    if (token !== undefined) tokens.push(token)
    place = end
  }
  return tokens
}

function tokenAt(expression: string, place: number): { readonly end: number; readonly token: Token | undefined } {
  for (const [pattern, toToken] of PATTERNS) {
    pattern.lastIndex = place
    const match = pattern.exec(expression)
    if (match) return { end: pattern.lastIndex, token: toToken(match) }
  }
  return { end: place + 1, token: { type: 'unknown', text: expression.charAt(place) } }
}
