import { describe, expect, it } from 'vitest'
import { typedNext } from '../../../src/cli/mending-command.js'
import { ERROR_CODES } from '../../../src/errors.js'

/** What a library tells its caller to call. */
const CALLS = /\brunner\.[a-z]+/

const SPEAKING = ['LEDGER_OUTDATED', 'RECEIPTS_MISSING', 'SOURCE_FORBIDDEN'] as const

describe('what to do next, on the command line', () => {
  it('knows every code whose words are for a program', () => {
    const codes = Object.entries(ERROR_CODES).filter(([, { next }]) => CALLS.test(next))
    expect(codes.map(([code]) => code).sort()).toEqual(SPEAKING)
  })

  it.each(SPEAKING)('names no call of the library: %s', (code) => {
    expect(typedNext(code, ERROR_CODES[code].next)).not.toMatch(CALLS)
  })

  it('keeps what an error says of its own', () => {
    expect(typedNext('RECEIPTS_MISSING', 'Ask Ann.')).toBe('Ask Ann.')
    expect(typedNext(undefined, undefined)).toBeUndefined()
  })
})
