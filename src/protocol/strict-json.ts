/**
 * JSON text that every reader takes the same way. `JSON.parse` alone keeps the last of two equal names, so that what one
 * program checked is not what the next one does.
 */

/** Why a text is refused. */
export type JsonProblem = 'invalid' | 'too_deep' | 'duplicate_name' | 'forbidden_name' | 'lone_surrogate'

/** What a text may be. */
export interface StrictJsonOptions {
  /** How deep lists and objects may lie in each other; the outermost counts. */
  readonly max_depth: number
  /**
   * The path of one member that is handed on as it is written, to somebody who reads it with rules of his own. It is held
   * to the depth, and to nothing else.
   */
  readonly verbatim?: readonly string[]
}

/** A text that was read, or why it was not. */
export type StrictJson =
  | { readonly ok: true; readonly value: unknown; readonly verbatim: string | undefined }
  | { readonly ok: false; readonly problem: JsonProblem; readonly value: unknown }

/**
 * Reads a JSON text without recursion: every name once in its object, none that is `__proto__`, text that survives UTF-8.
 *
 * @example
 * ```ts
 * parseStrictJson('{"id":1,"id":2}', { max_depth: 64 }) // { ok: false, problem: 'duplicate_name', … }
 * ```
 */
export function parseStrictJson(text: string, options: StrictJsonOptions): StrictJson {
  const value = parse(text)
  if (value === undefined) return { ok: false, problem: 'invalid', value }
  if (LONE_SURROGATE.test(text)) return { ok: false, problem: 'lone_surrogate', value }
  const found = walk(text, options)
  return typeof found === 'string' ? { ok: false, problem: found, value } : { ok: true, value, ...found }
}

/** `undefined` is no value of JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const LONE_SURROGATE = /\p{Surrogate}/u

/** A walk over a text that is known to be JSON. */
interface Walk {
  readonly text: string
  readonly path: readonly string[]
  /** The names of each open object; `undefined` stands for a list, and for what lies inside the verbatim member. */
  readonly open: (Set<string> | undefined)[]
  /** Whether the next string is a name. */
  atName: boolean
  /** How many members of the path are open, and whether the next value is the one after them. */
  inside: number
  isNext: boolean
  verbatim: { readonly depth: number; readonly start: number; end: number | undefined } | undefined
}

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c]
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d]

function walk(text: string, { max_depth, verbatim = [] }: StrictJsonOptions) {
  const state: Walk = { text, path: verbatim, open: [], atName: false, inside: 0, isNext: false, verbatim: undefined }
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE: {
        const end = endOfString(text, at)
        const problem = state.atName ? enterName(state, at, end) : checkString(state, at, end)
        if (problem !== undefined) return problem
        at = end
        break
      }
      case OPEN_LIST:
      case OPEN_OBJECT:
        if (state.open.length >= max_depth) return 'too_deep'
        openValue(state, text.charCodeAt(at) === OPEN_OBJECT)
        break
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        closeValue(state, at)
        break
      case COMMA:
        endVerbatim(state, at)
        state.atName = state.open.at(-1) !== undefined
        state.isNext = false
        break
    }
  }
  const found = state.verbatim
  return { verbatim: found === undefined ? undefined : text.slice(found.start, found.end).trim() }
}

/** The place of the closing quote. */
function endOfString(text: string, start: number): number {
  let at = start + 1
  while (text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1
  return at
}

function enterName(state: Walk, start: number, end: number): JsonProblem | undefined {
  const { text, path, open, inside } = state
  const name = stringAt(text, start, end)
  const names = open.at(-1)
  state.atName = false
  if (names?.has(name)) return 'duplicate_name'
  if (name === '__proto__') return 'forbidden_name'
  if (LONE_SURROGATE.test(name)) return 'lone_surrogate'
  names?.add(name)
  if (open.length !== inside + 1 || name !== path[inside]) return undefined
  if (open.length < path.length) state.isNext = true
  else state.verbatim = { depth: open.length, start: text.indexOf(':', end) + 1, end: undefined }
  return undefined
}

function checkString(state: Walk, start: number, end: number): JsonProblem | undefined {
  if (isVerbatim(state)) return undefined
  // Only an escape can hide one: the text itself was looked at.
  return LONE_SURROGATE.test(stringAt(state.text, start, end)) ? 'lone_surrogate' : undefined
}

function stringAt(text: string, start: number, end: number): string {
  const inside = text.slice(start + 1, end)
  return inside.includes('\\') ? String(JSON.parse(text.slice(start, end + 1))) : inside
}

function openValue(state: Walk, isObject: boolean): void {
  const isKept = isObject && !isVerbatim(state)
  state.open.push(isKept ? new Set() : undefined)
  state.atName = isKept
  if (state.isNext && isObject) state.inside++
  state.isNext = false
}

function closeValue(state: Walk, at: number): void {
  endVerbatim(state, at)
  if (state.inside > 0 && state.open.length === state.inside + 1) state.inside--
  state.open.pop()
  state.atName = false
}

function isVerbatim({ verbatim }: Walk): boolean {
  return verbatim !== undefined && verbatim.end === undefined
}

function endVerbatim({ verbatim, open }: Walk, at: number): void {
  if (verbatim !== undefined && verbatim.end === undefined && open.length === verbatim.depth) verbatim.end = at
}
