import { describe, expect, it } from 'vitest'
import { patternProblem } from '../../../src/contract/safe-pattern.js'

describe('patternProblem', () => {
  it.each([
    '^P-[0-9]+$',
    '^[A-Z]{2,4}-\\d{1,8}$',
    '^(?:INV|CR)-\\d+$',
    '^(\\d{4}-)?\\d{4}$',
    '^(\\d{4}){2}$',
    '^\\p{L}[\\p{L}\\p{M} ]*$',
    '^\\u{1F600}+$',
    '^[(+*)]+$',
    '^(?<year>\\d{4})$',
    '^(?=x)x+?$',
    'P',
  ])('lets %s be', (pattern) => {
    expect(patternProblem(pattern, 64)).toBeUndefined()
  })

  it.each([
    ['that does not compile', '('],
    ['that needs another dialect', '\\A\\d+\\z'],
    ['with a repetition in a repetition', '^(a+)+$'],
    ['with a repetition deep in a repetition', '^((a+)b?)*$'],
    ['with a counted repetition of a repetition', '^(a+){2,9}$'],
    ['with a repeated optional part', '^(a?a)*$'],
    ['with repeated alternatives', '^(a|aa)+$'],
    ['with a reference back', '^(a+)\\1$'],
    ['with a named reference back', '^(?<a>a+)\\k<a>$'],
    ['with many repetitions in a row', `^${'a*'.repeat(12)}b$`],
  ])('refuses a pattern %s', (_, pattern) => {
    expect(patternProblem(pattern, 64)).toMatch(/\.$/)
  })

  it('lets more repetitions be where values are shorter', () => {
    const pattern = '^[^@]+@[^@]+\\.[a-z]+$'
    expect(patternProblem(pattern, 254)).toBeUndefined()
    expect(patternProblem(pattern, 2_000)).toMatch(/max_length/)
    expect(patternProblem(pattern)).toMatch(/max_length/)
  })

  it('counts the start of an open pattern as a repetition', () => {
    expect(patternProblem('\\d+x', 20_000)).toMatch(/anchor/)
    expect(patternProblem('^\\d+x', 20_000)).toBeUndefined()
  })
})
