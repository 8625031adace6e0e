import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { parsePaging, toPage } from '../../../src/ledger/paging.js'

const shape = { item: (row: number) => `item ${row}`, position: (row: number) => row }
const place = z.int()

describe('a page', () => {
  it('leads to the next by the place of its last item', () => {
    const page = toPage('things', [9, 8, 7], 2, shape)
    expect(page.items).toEqual(['item 9', 'item 8'])
    expect(parsePaging('things', { cursor: page.next_cursor ?? '' }, place)).toEqual({ after: 8, limit: 50 })
  })

  it('is the last when nothing follows', () => {
    expect(toPage('things', [9, 8], 2, shape).next_cursor).toBeNull()
    expect(toPage('things', [], 2, shape)).toEqual({ items: [], next_cursor: null })
  })

  it('is refused for a cursor of another list, and for one that is not as it was given', () => {
    const { next_cursor } = toPage('things', [9, 8], 1, shape)
    const cursor = next_cursor ?? ''
    const refused = { code: 'INVALID_ARGUMENT', details: { argument: 'cursor' } }
    const others = [`${cursor}=`, ` ${cursor}`, cursor.slice(1), 'null', '', 'x'.repeat(5000)]
    for (const other of others) {
      expect(() => parsePaging('things', { cursor: other }, place), other).toThrow(expect.objectContaining(refused))
    }
    expect(() => parsePaging('others', { cursor }, place)).toThrow(expect.objectContaining(refused))
  })

  it('has from 1 to 200 items', () => {
    expect(parsePaging('things', { limit: 200 }, place).limit).toBe(200)
    for (const limit of [0, 201, 2.5, Number.POSITIVE_INFINITY]) {
      expect(() => parsePaging('things', { limit }, place)).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT', details: { argument: 'limit' } }),
      )
    }
  })
})
