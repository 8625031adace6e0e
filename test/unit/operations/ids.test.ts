import { describe, expect, it } from 'vitest'
import { createIds } from '../../../src/operations/ids.js'
import { proposalId } from '../../../src/operations/load-proposal.js'
import { fixedClock } from '../../../src/testing/index.js'

describe('an id', () => {
  it('is never given twice', () => {
    const ids = createIds(fixedClock())
    const given = Array.from({ length: 2000 }, () => ids.next('wrp'))
    expect(new Set(given).size).toBe(given.length)
    for (const id of given) expect(id).toMatch(/^wrp_[0-9a-f]{32}$/)
  })

  it('sorts behind those of an earlier moment', () => {
    const clock = fixedClock()
    const ids = createIds(clock)
    const given = Array.from({ length: 50 }, () => {
      clock.advance(1)
      return ids.next('ev')
    })
    expect(given.toSorted()).toEqual(given)
  })

  it('of a proposal may come with its scheme', () => {
    expect(proposalId('wrp_1')).toBe('wrp_1')
    expect(proposalId('wrp://wrp_1')).toBe('wrp_1')
  })

  it.each([undefined, null, 7, {}, ['wrp_1'], 'x'.repeat(201), 'wrp_\0'])(
    'of a proposal is a short text: %j is none',
    (id) => {
      expect(() => proposalId(id)).toThrow(expect.objectContaining({ code: 'PROPOSAL_NOT_FOUND' }))
    },
  )
})
