import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { looksLikeSecret, refuseSecret } from '../../../src/policy/secrets.js'

const many = (text: string, times: number) => text.repeat(times)

/** Put together here, so that nobody takes this file for a leak. */
const SECRETS = [
  ['a URL with a password', 'postgres://svc:hunter2@db.internal/prod'],
  ['such a URL inside a text', 'see https://user:pass123@example.com/x for more'],
  ['a private key', ['-----BEGIN', 'PRIVATE KEY-----'].join(' ')],
  ['a private key of a kind', ['-----BEGIN RSA', 'PRIVATE KEY-----'].join(' ')],
  ['a cloud key', `AKIA${many('A1B2', 4)}`],
  ['a repository token', `ghp_${many('a1B2', 9)}`],
  ['a chat token', `xoxb-${many('12345', 3)}`],
  ['a payment key', `sk_live_${many('a1B2', 5)}`],
  ['a signed token', `eyJ${many('a', 12)}.eyJ${many('b', 12)}.${many('c', 12)}`],
] as const

describe('a secret', () => {
  it.each(SECRETS)('is seen: %s', (_, text) => {
    expect(looksLikeSecret(text)).toBe(true)
    expect(looksLikeSecret(`before ${text} after`)).toBe(true)
  })

  it.each([
    'INV-3001',
    'https://example.com/invoices/1?a=b@c',
    'mailto:dana@example.com',
    'card 4929 1234',
    'AKIA1234',
    'The key is under the mat: ask dana@example.com',
    'eyJ is how they begin',
    '-----BEGIN CERTIFICATE-----',
    'a'.repeat(5000),
  ])('is not seen in honest text: %j', (text) => {
    expect(looksLikeSecret(text)).toBe(false)
  })

  it('is refused by its place and never said back', () => {
    for (const [, text] of SECRETS) {
      expect(() => refuseSecret('column customer', text)).toThrow(
        expect.objectContaining({
          code: 'SECRET_REFUSED',
          details: { place: 'column customer' },
          message: expect.not.stringContaining(text),
        }),
      )
    }
  })

  it('is not NULL', () => {
    expect(() => refuseSecret('column customer', null)).not.toThrow()
  })

  it('is looked for in any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => typeof looksLikeSecret(text) === 'boolean'))
  })
})
