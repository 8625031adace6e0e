import type { Token } from './constraint-tokens.js'

/** A token, or what stands in brackets. */
export type Part = Token | Group

export interface Group {
  readonly type: 'group'
  readonly bracket: '(' | '['
  readonly parts: readonly Part[]
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']' }

/** Brackets deeper than this are written by nobody. */
const DEEPEST = 50

/** The tokens with their brackets closed; `undefined` where they do not close, or hold what nobody here reads. */
export function partsOf(tokens: readonly Token[]): readonly Part[] | undefined {
  const open: { readonly bracket: '(' | '['; readonly parts: Part[] }[] = []
  const top: Part[] = []
  for (const token of tokens) {
    const parts = open.at(-1)?.parts ?? top
    if (token.type !== 'sign') parts.push(token)
    else if (token.text === '(' || token.text === '[') {
      if (open.length === DEEPEST) return undefined
      open.push({ bracket: token.text, parts: [] })
    } else if (token.text === ')' || token.text === ']') {
      const closed = open.pop()
      if (closed === undefined || CLOSING[closed.bracket] !== token.text) return undefined
      const around = open.at(-1)?.parts ?? top
      around.push({ type: 'group', ...closed })
    } else parts.push(token)
  }
  return open.length === 0 ? top : undefined
}
