import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalIdentity, samePerson } from '../../../src/protocol/identity.js'

describe('a person', () => {
  it.each([
    ['dana', 'Dana'],
    ['dana', 'DANA'],
    ['dana', ' dana '],
    ['dana', 'dana\n'],
    ['dana', 'ｄａｎａ'],
    ['dána', 'da\u0301na'],
    ['dana@example.com', 'Dana@Example.com'],
    ['ﬁnn', 'finn'],
  ])('%j is also %j', (one, other) => {
    expect(samePerson(one, other)).toBe(true)
  })

  it.each([
    ['dana', 'dan'],
    ['dana', 'dána'],
    ['dana', 'da na'],
    ['support_agent_17', 'support_agent_1'],
    ['dana', ''],
  ])('%j is not %j', (one, other) => {
    expect(samePerson(one, other)).toBe(false)
  })

  it('has one spelling, which stays', () => {
    fc.assert(
      fc.property(fc.string(), (id) => {
        const once = canonicalIdentity(id)
        expect(samePerson(id, once)).toBe(canonicalIdentity(once) === once)
        expect(samePerson(id, id)).toBe(true)
      }),
    )
  })
})
