import { describe, expect, it } from 'vitest'
import { validateConfigText } from '../../../src/contract/validate-text.js'
import { parcelDesk } from './parcel-desk.js'

function places(text: string): string[] {
  return validateConfigText(text).errors.map(({ code, path, line, column }) => `${code} ${path} ${line}:${column}`)
}

describe('validateConfigText', () => {
  it('accepts what validateConfig accepts', () => {
    expect(validateConfigText(JSON.stringify(parcelDesk(), null, 2))).toEqual({ ok: true, errors: [], warnings: [] })
  })

  it('says line and column of a key, of an item and, for a missing key, of the object that lacks it', () => {
    const text = [
      '{',
      '  "version": 1,',
      '  "modus": "review",',
      '  "sources": {},',
      '  "capabilities": [',
      '    7',
      '  ]',
      '}',
    ]
    expect(places(text.join('\n'))).toEqual([
      'MISSING_KEY /mode 1:1',
      'INVALID_TYPE /capabilities/0 6:5',
      'UNKNOWN_KEY /modus 3:3',
    ])
  })

  it('says line and column of warnings', () => {
    const context = { provider: 'static_dev', values: { tenant_id: 'a', principal: 'b' } }
    const text = JSON.stringify({ ...parcelDesk(), contexts: { desk: context } }, null, 2)
    const { warnings } = validateConfigText(text)
    expect(warnings).toMatchObject([{ code: 'STATIC_CONTEXT', path: '/contexts/desk/provider' }])
    expect(text.split('\n')[(warnings[0]?.line ?? 0) - 1]).toContain('"provider": "static_dev"')
  })

  it('finds its way through keys with slashes and tildes', () => {
    expect(places('{ "version": 1, "mode": "review", "sources": {\n "a/~b": {} }, "capabilities": [] }')).toContain(
      'INVALID_VALUE /sources/a~1~0b 2:2',
    )
  })

  it('refuses a key that stands twice, also in different escapes', () => {
    const text = '{ "version": 1, "mode": "review", "sources": {}, "capabilities": [],\n  "mo\\u0064e": "shadow" }'
    expect(places(text)).toEqual(['DUPLICATE_KEY /mode 2:3'])
  })

  it('refuses a key of a prototype', () => {
    const text = '{ "version": 1, "mode": "review", "sources": {}, "capabilities": [],\n "__proto__": {} }'
    expect(places(text)).toEqual(['REFUSED_KEY /__proto__ 2:2'])
  })

  it('refuses a number that would be rounded in silence', () => {
    const text = '{ "version": 1.00000000000000000001, "mode": "review", "sources": {}, "capabilities": [] }'
    expect(places(text)).toEqual(['INEXACT_NUMBER /version 1:14'])
  })

  it.each([
    ['an empty text', ''],
    ['no JSON', 'version: 1'],
    ['a comment', '{ "version": 1 /* one */ }'],
    ['a trailing comma', '{ "version": 1, }'],
    ['single quotes', "{ 'version': 1 }"],
    ['an unclosed object', '{ "version": 1'],
    ['two contracts', '{} {}'],
  ])('refuses %s with a place', (_, text) => {
    const { ok, errors } = validateConfigText(text)
    expect(ok).toBe(false)
    expect(errors[0]).toMatchObject({ code: 'INVALID_JSON', line: 1, path: expect.stringMatching(/^\//) })
  })

  it('reads past a byte order mark', () => {
    expect(validateConfigText(`\uFEFF${JSON.stringify(parcelDesk())}`).ok).toBe(true)
  })

  it.each(['[', '{"a":'])('refuses a million of %s without running out of stack', (opening) => {
    expect(validateConfigText(opening.repeat(1_000_000)).errors).toMatchObject([{ code: 'TOO_LARGE' }])
  })

  it('does not count brackets in texts', () => {
    expect(places(JSON.stringify({ ...parcelDesk(), note: '[{"'.repeat(100) }))).toEqual([
      expect.stringMatching(/^UNKNOWN_KEY \/note 1:/),
    ])
  })
})
