import type { AuthorityChange } from '../../index.js'
import type { View } from '../command.js'
import { escapeUntrusted } from '../untrusted-text.js'
import { renderFields } from './fields.js'
import { count } from './lines.js'

/** What `contract diff` found between two files. */
export interface AuthorityContent {
  readonly old: string
  readonly new: string
  readonly changes: readonly AuthorityChange[]
}

type AuthorityDirection = AuthorityChange['direction']

/** What matters most stands first: nobody should have to scroll to it. */
const DIRECTIONS: readonly AuthorityDirection[] = ['grew', 'shrank', 'changed']

const TITLES: Readonly<Record<AuthorityDirection, string>> = {
  grew: 'Grew: allowed now, and not before',
  shrank: 'Shrank: allowed before, and not now',
  changed: 'Changed: neither more nor less that could be told',
}

const MARKS: Readonly<Record<AuthorityDirection, string>> = { grew: '+', shrank: '-', changed: '~' }

export function renderAuthority(content: AuthorityContent, view: View): string {
  const { changes } = content
  const names = [content.old, content.new].map(escapeUntrusted).join(' and ')
  if (changes.length === 0) return view.paint.green(`${names} allow the same.`)
  const groups = DIRECTIONS.flatMap((direction) => {
    const found = changes.filter((change) => change.direction === direction)
    return found.length === 0 ? [] : [renderGroup(direction, found, view)]
  })
  return [...groups, summaryOf(content, view)].join('\n\n')
}

function renderGroup(direction: AuthorityDirection, changes: readonly AuthorityChange[], view: View): string {
  const { paint, columns } = view
  const paintTitle = { grew: paint.red, shrank: paint.green, changed: paint.yellow }[direction]
  const subjects = [...new Set(changes.map(({ subject }) => subject))]
  const parts = subjects.map((subject) => {
    const own = changes.filter((change) => change.subject === subject)
    const fields = own.map(({ message }) => [MARKS[direction], escapeUntrusted(message)] as const)
    return [`  ${paint.bold(escapeUntrusted(subject))}`, renderFields(fields, columns)].join('\n')
  })
  return [paintTitle(TITLES[direction]), ...parts].join('\n')
}

function summaryOf({ changes }: AuthorityContent, { paint }: View): string {
  const many = (direction: AuthorityDirection) => changes.filter((change) => change.direction === direction).length
  const grew = many('grew')
  const words = `${count(grew, 'change')} that allow${grew === 1 ? 's' : ''} more, ${many('shrank')} less, ${many('changed')} other.`
  return grew > 0 ? paint.red(words) : paint.green(words)
}
