import { describe, expect, it } from 'vitest'
import { parseStrictJson } from '../../../src/protocol/strict-json.js'

const read = (text: string, max_depth = 8, verbatim?: readonly string[]) =>
  parseStrictJson(text, { max_depth, ...(verbatim === undefined ? {} : { verbatim }) })

describe('strict JSON', () => {
  it.each([
    '1',
    '"x"',
    'null',
    '[]',
    '{}',
    ' {"a":[1,{"a":2},{"a":3}],"b":{"a":"}"}} ',
    '{"a":"\\"a\\":1","b":"\\\\"}',
  ])('reads %s as JSON.parse does', (text) => {
    expect(read(text)).toEqual({ ok: true, value: JSON.parse(text), verbatim: undefined })
  })

  it.each(['', '{', '{"a":1,}', 'NaN', "{'a':1}", '{} {}', '\ufeff{}'])('refuses %j, which is none', (text) => {
    expect(read(text)).toMatchObject({ ok: false, problem: 'invalid' })
  })

  it.each([
    '{"a":1,"a":1}',
    '{"a":1,"b":2,"\\u0061":3}',
    '[{"a":{"b":[{"c":1,"c":2}]}}]',
    '{"":1,"":2}',
    '{"a":{},"a":{}}',
    '{"a":"{","b":[],"a":2}',
  ])('refuses a name twice in %s', (text) => {
    expect(read(text)).toMatchObject({ ok: false, problem: 'duplicate_name' })
  })

  it('refuses __proto__ as a name, however it is written, and takes it as a value', () => {
    expect(read('{"__proto__":1}')).toMatchObject({ problem: 'forbidden_name' })
    expect(read('[{"\\u005f_proto__":1}]')).toMatchObject({ problem: 'forbidden_name' })
    expect(read('["__proto__"]')).toMatchObject({ ok: true })
  })

  it('refuses text that UTF-8 cannot carry, in names and in values', () => {
    for (const text of ['"\\ud800"', '{"\\udfff":1}', '["\\ud800x\\udc00"]', '"\ud800"']) {
      expect(read(text)).toMatchObject({ problem: 'lone_surrogate' })
    }
    expect(read('["\\ud83d\\ude00","😀"]')).toMatchObject({ ok: true })
  })

  it('counts how deep lists and objects lie, and does not recurse', () => {
    expect(read('[[[]]]', 3)).toMatchObject({ ok: true })
    expect(read('[[[]]]', 2)).toMatchObject({ problem: 'too_deep' })
    expect(read('[{"a":[]}]', 2)).toMatchObject({ problem: 'too_deep' })
    expect(read('[[],[],{},[[]]]', 3)).toMatchObject({ ok: true })
    expect(read(`${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`)).toMatchObject({ problem: 'too_deep' })
    expect(read(`${'{"a":'.repeat(500_000)}1${'}'.repeat(500_000)}`)).toMatchObject({ problem: 'too_deep' })
  })

  describe('one member as it is written', () => {
    const within = (text: string) => read(text, 8, ['params', 'arguments'])

    it.each([
      ['{"params":{"arguments":{"a":1,"a":[2,"}"]} ,"name":"x"}}', '{"a":1,"a":[2,"}"]}'],
      ['{"params":{"name":"x","arguments": "s\\ud800," }}', '"s\\ud800,"'],
      ['{"params":{"arguments":12}}', '12'],
      ['{"params":{"arguments":[[],{"__proto__":[]}]},"z":1}', '[[],{"__proto__":[]}]'],
      ['{"params":{"\\u0061rguments":{}}}', '{}'],
    ])('of %s is %s', (text, verbatim) => {
      expect(within(text)).toMatchObject({ ok: true, verbatim })
    })

    it.each([
      '{"arguments":1}',
      '{"params":5,"z":{"arguments":1}}',
      '{"params":[{"arguments":4}]}',
      '{"params":{"y":{"arguments":3}}}',
      '{"x":{"params":{"arguments":3}}}',
      '[{"params":{"arguments":3}}]',
    ])('is not found elsewhere: %s', (text) => {
      expect(within(text)).toMatchObject({ ok: true, verbatim: undefined })
    })

    it('leaves all rules to what is beside it', () => {
      expect(within('{"params":{"arguments":1,"arguments":2}}')).toMatchObject({ problem: 'duplicate_name' })
      expect(within('{"params":{"arguments":{"a":1,"a":2}},"params":1}')).toMatchObject({ problem: 'duplicate_name' })
      expect(within('{"params":{"arguments":{},"b":{"c":1,"c":2}}}')).toMatchObject({ problem: 'duplicate_name' })
      expect(within('{"params":{"arguments":{}},"__proto__":1}')).toMatchObject({ problem: 'forbidden_name' })
      expect(within(`{"params":{"arguments":${'['.repeat(7)}${']'.repeat(7)}}}`)).toMatchObject({ problem: 'too_deep' })
    })
  })
})
