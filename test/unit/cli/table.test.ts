import { expect, it } from 'vitest'
import { type Column, renderTable } from '../../../src/cli/text/table.js'

interface Row {
  readonly id: string
  readonly words: string
  readonly more: string
}

const columns: readonly Column<Row>[] = [
  { title: 'ID', value: ({ id }) => id },
  { title: 'WORDS', value: ({ words }) => words, narrow: 'cut' },
  { title: 'MORE', value: ({ more }) => more, narrow: 'drop' },
]

it('aligns columns under their titles', () => {
  const rows = [
    { id: 'a', words: 'one', more: 'x' },
    { id: 'bcd', words: 'three words here', more: '' },
  ]
  expect(renderTable(rows, columns, 80)).toBe(
    ['ID   WORDS             MORE', 'a    one               x', 'bcd  three words here'].join('\n'),
  )
})

it('leaves out what may be dropped, then cuts what may be cut, and keeps the rest whole', () => {
  const rows = [
    { id: 'an-id-that-stays-whole', words: 'words that are longer than the room', more: 'more than there is' },
  ]
  expect(renderTable(rows, columns, 50)).toBe(
    ['ID                      WORDS', 'an-id-that-stays-whole  words that are longer tha…'].join('\n'),
  )
})

it('counts the width of wide characters', () => {
  const rows = [
    { id: '請求', words: 'x', more: '' },
    { id: 'abcd', words: 'y', more: '' },
  ]
  expect(renderTable(rows, columns, 80)).toBe(['ID    WORDS', '請求  x', 'abcd  y'].join('\n'))
})

it('shows what a terminal would obey as text', () => {
  expect(renderTable([{ id: 'a\u001b[2Jb\nc', words: '', more: '' }], columns, 80)).toBe(
    ['ID', 'a\\u{1b}[2Jb\\u{a}c'].join('\n'),
  )
})
