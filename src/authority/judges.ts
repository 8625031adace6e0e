import { canonicalJson } from '../protocol/canonical.js'
import type { AuthorityDirection, Judge, Judgement } from './change.js'

const OPPOSITE: Readonly<Record<AuthorityDirection, AuthorityDirection>> = {
  grew: 'shrank',
  shrank: 'grew',
  changed: 'changed',
}

/** A value of a contract in a sentence. */
export function shownValue(value: unknown): string {
  return value === undefined ? 'nothing' : canonicalJson(value)
}

/** A judgement as a list of one. */
export function one(direction: AuthorityDirection, message: string, at?: readonly string[]): readonly Judgement[] {
  return [at === undefined ? { direction, message } : { direction, message, at }]
}

interface Amount {
  readonly what: string
  /** What holds where nothing is said. */
  readonly absent: number
  /** Which way authority goes when the number rises. */
  readonly rising: AuthorityDirection
}

/** A number that grants more, or less, the greater it is. */
export function amount({ what, absent, rising }: Amount): Judge {
  return (before, after) => {
    const [from, to] = [before ?? absent, after ?? absent]
    if (typeof from !== 'number' || typeof to !== 'number' || from === to) return []
    const direction = to > from ? rising : OPPOSITE[rising]
    return one(direction, `${what} goes from ${spelled(before, absent)} to ${spelled(after, absent)}.`)
  }
}

function spelled(value: unknown, absent: number): string {
  if (value !== undefined) return shownValue(value)
  return Number.isFinite(absent) ? String(absent) : 'no limit'
}

/** True or false; `on` is which way authority goes when it becomes true. */
export function toggle(what: string, on: AuthorityDirection, absent = false): Judge {
  return (before, after) => {
    const [from, to] = [before ?? absent, after ?? absent]
    if (from === to) return []
    return one(to === true ? on : OPPOSITE[on], `${what} goes from ${shownValue(from)} to ${shownValue(to)}.`)
  }
}

/** One of several words, those with the least authority first; words in one list are not told apart. */
export function ranked(what: string, ranks: readonly (readonly string[])[], absent?: string): Judge {
  const rankOf = (value: unknown) => ranks.findIndex((words) => typeof value === 'string' && words.includes(value))
  return (before, after) => {
    const [from, to] = [rankOf(before ?? absent), rankOf(after ?? absent)]
    if (from < 0 || to < 0 || from === to) return []
    const words = `${what} goes from ${shownValue(before ?? absent)} to ${shownValue(after ?? absent)}.`
    return one(to > from ? 'grew' : 'shrank', words)
  }
}

interface Members {
  readonly added: (names: string) => string
  readonly removed: (names: string) => string
  /** Which way authority goes with each that is added. */
  readonly adding: AuthorityDirection
  /** What is meant where there is no list. */
  readonly absent: 'none' | 'all'
  readonly what: string
}

/** A list as a set. Its order is somebody else's to tell. */
export function members({ added, removed, adding, absent, what }: Members): Judge {
  return (before, after) => {
    const [from, to] = [setOf(before, absent), setOf(after, absent)]
    if (to === 'all') return from === 'all' ? [] : one(adding, `${what} is no longer restricted.`)
    if (from === 'all') return one(OPPOSITE[adding], `${what} is restricted to ${listed([...to])}.`)
    const more = [...to].filter((each) => !from.has(each))
    const fewer = [...from].filter((each) => !to.has(each))
    return [
      ...(more.length === 0 ? [] : one(adding, added(listed(more)))),
      ...(fewer.length === 0 ? [] : one(OPPOSITE[adding], removed(listed(fewer)))),
    ]
  }
}

/** Values as JSON, so that a number and its text are two things. */
function setOf(value: unknown, absent: Members['absent']): ReadonlySet<string> | 'all' {
  if (value === undefined) return absent === 'all' ? 'all' : new Set()
  return new Set(Array.isArray(value) ? value.map(shownValue) : [])
}

/** Names without their quotes. */
export function listed(values: readonly string[]): string {
  return values.map((each) => each.replace(/^"([\w.:-]+)"$/, '$1')).join(', ')
}

/** Something that restricts by being there: more is allowed without it. What another one allows cannot be told. */
export function restriction(what: string): Judge {
  return (before, after) => {
    if (before === undefined) return one('shrank', `${what} is asked for now: ${shownValue(after)}.`)
    if (after === undefined) return one('grew', `${what} is no longer asked for: it was ${shownValue(before)}.`)
    return one('changed', `${what} goes from ${shownValue(before)} to ${shownValue(after)}.`)
  }
}

/** Where any other value is something that was not allowed. */
export function replaced(what: string): Judge {
  return (before, after) =>
    one('grew', `${what} is another one: ${shownValue(after)} instead of ${shownValue(before)}.`)
}

/** {@link replaced}, of what may also come or go. */
export function elsewhere(what: string): Judge {
  return (before, after, scene) =>
    (before === undefined || after === undefined ? otherwise : replaced)(what)(before, after, scene)
}

/** A difference that nothing can be told of but that it is there. */
export function otherwise(what: string): Judge {
  return (before, after) => one('changed', `${what} goes from ${shownValue(before)} to ${shownValue(after)}.`)
}

/** A whole part that comes or goes. What differs inside it is judged where it stands. */
export function whole(kind: string, adding: AuthorityDirection = 'grew'): Judge {
  return (before, after, { path }) => {
    const name = path.at(-1) ?? ''
    if (before === undefined) return one(adding, `The ${kind} ${name} was added.`)
    if (after === undefined) return one(OPPOSITE[adding], `The ${kind} ${name} was removed.`)
    return []
  }
}
