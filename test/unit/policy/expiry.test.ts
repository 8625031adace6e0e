import { describe, expect, it } from 'vitest'
import { isExpired, statusAt } from '../../../src/policy/expiry.js'
import { PROPOSAL_STATUSES } from '../../../src/protocol/status.js'

const END = '2026-01-01T00:00:00.000Z'
const before = new Date('2025-12-31T23:59:59.999Z')
const at = new Date(END)

describe('expiry', () => {
  it('begins at the very moment', () => {
    expect(isExpired(END, before)).toBe(false)
    expect(isExpired(END, at)).toBe(true)
    expect(isExpired('2026-01-01T01:00:00.000+01:00', at)).toBe(true)
  })

  it.each(PROPOSAL_STATUSES)('leaves %s alone until then', (status) => {
    expect(statusAt(status, END, before)).toBe(status)
  })

  it.each(PROPOSAL_STATUSES)('ends only what waits: %s', (status) => {
    const waits = status === 'pending_review' || status === 'approved'
    expect(statusAt(status, END, at)).toBe(waits ? 'expired' : status)
  })
})
