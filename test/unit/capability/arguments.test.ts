import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isWellFormed, parseArguments } from '../../../src/capability/arguments.js'
import { isRunnerError } from '../../../src/errors.js'
import { rulesFor } from './samples.js'

const refused = (argument?: string) =>
  expect.objectContaining({ code: 'INVALID_ARGUMENT', details: argument === undefined ? {} : { argument } })

describe('the arguments of a call', () => {
  it('are taken as they are, without what is absent', () => {
    const rules = rulesFor({
      id: {},
      fee: { type: 'integer', required: false },
      open: { type: 'boolean', required: false },
    })
    expect(parseArguments(rules, { id: 'INV-1', open: false })).toEqual({ id: 'INV-1', open: false })
    expect(parseArguments(rules, { id: '', fee: undefined })).toEqual({ id: '' })
  })

  it('are frozen, and have the names that were given and no others', () => {
    const parsed = parseArguments(rulesFor({ id: {} }), Object.assign(Object.create(null), { id: 'INV-1' }))
    expect(Object.isFrozen(parsed)).toBe(true)
    expect(Reflect.ownKeys(parsed)).toEqual(['id'])
  })

  it('are read once', () => {
    const given = { id: 'INV-1' }
    const parsed = parseArguments(rulesFor({ id: {} }), given)
    given.id = 'INV-2'
    expect(parsed.id).toBe('INV-1')
  })

  it.each([
    ['no object', 'id'],
    ['null', null],
    ['a list', ['INV-1']],
    ['an instance', new Date()],
    ['a proxy', new Proxy({ id: 'INV-1' }, {})],
    ['an inheritance', Object.create({ id: 'INV-1' })],
    ['a symbol', { id: 'INV-1', [Symbol('id')]: 1 }],
  ])('are refused as a whole: %s', (_, input) => {
    expect(() => parseArguments(rulesFor({ id: {} }), input)).toThrow(refused())
  })

  it('are refused where one would be computed', () => {
    const input = Object.defineProperty({}, 'id', { get: () => 'INV-1', enumerable: true })
    expect(() => parseArguments(rulesFor({ id: {} }), input)).toThrow(refused('id'))
  })

  it.each(['tenant_id', 'constructor', '__proto__', 'Id', ''])('are refused with the undeclared name %j', (name) => {
    const input = Object.defineProperty({ id: 'x' }, name, { value: 'x', enumerable: true })
    const shown = name === '' ? '""' : name
    expect(() => parseArguments(rulesFor({ id: {} }), input)).toThrow(refused(shown))
  })

  it('are refused with an undeclared __proto__ even where it is undefined', () => {
    const input = JSON.parse('{"id":"x","__proto__":1}') as Record<string, unknown>
    Object.defineProperty(input, '__proto__', { value: undefined, enumerable: true })
    expect(() => parseArguments(rulesFor({ id: {} }), input)).toThrow(refused('__proto__'))
  })

  it('say which names there are', () => {
    expect(() => parseArguments(rulesFor({ id: {}, fee: {} }), { other: 1 })).toThrow(/known: id, fee/)
    expect(() => parseArguments(rulesFor({}), { other: 1 })).toThrow(/known: none/)
  })

  it('show a hostile name short and escaped', () => {
    const name = `\u001b[2J${'x'.repeat(500)}\u202e`
    const attempt = () => parseArguments(rulesFor({}), { [name]: 1 })
    expect(attempt).toThrow(/^Argument "\\u001b\[2J[x…]*" is not/)
    expect(attempt).toThrow(expect.objectContaining({ message: expect.stringMatching(/^[\x20-\x7e…]{1,200}$/) }))
  })

  it('are refused where a required one is missing', () => {
    expect(() => parseArguments(rulesFor({ id: {} }), {})).toThrow(refused('id'))
    expect(() => parseArguments(rulesFor({ id: {} }), { id: undefined })).toThrow(refused('id'))
  })
})

describe('a text argument', () => {
  const parse = (value: unknown, change: object = {}) => parseArguments(rulesFor({ id: change }), { id: value }).id

  it.each([1, true, null, {}, [], 'boxed'])('is text and nothing that could become text: %j', (value) => {
    const given = value === 'boxed' ? Object('INV-1') : value
    expect(() => parse(given)).toThrow(refused('id'))
  })

  it('is measured in characters', () => {
    expect(parse('😀😀😀', { max_length: 3 })).toBe('😀😀😀')
    expect(() => parse('😀😀😀😀', { max_length: 3 })).toThrow(refused('id'))
    expect(() => parse('abcd', { max_length: 3 })).toThrow(refused('id'))
    expect(parse('x'.repeat(4096))).toHaveLength(4096)
    expect(() => parse('x'.repeat(4097))).toThrow(refused('id'))
  })

  it.each(['\ud800', '\udc00', 'a\ud800b', '\udc00\ud800'])('is well-formed Unicode: %j', (value) => {
    expect(() => parse(value)).toThrow(refused('id'))
  })

  it.each(['\0', '\u0008', '\u000b', '\u001b', '\u007f', '\u0085', '\u202e', '\u2066', '\u2069'])(
    'holds no control and nothing that reorders text: %j',
    (value) => {
      expect(() => parse(`a${value}b`)).toThrow(refused('id'))
    },
  )

  it.each(['a\tb', 'a\nb', 'a\r\nb', 'ä', '\u00a0', '𐍈', '\u200d'])('holds everything else: %j', (value) => {
    expect(parse(value)).toBe(value)
  })

  it('matches its pattern', () => {
    expect(parse('INV-1', { pattern: /^INV-\d+$/u })).toBe('INV-1')
    expect(() => parse('inv-1', { pattern: /^INV-\d+$/u })).toThrow(refused('id'))
  })

  it('is one of its values, of the same type', () => {
    expect(parse('open', { enum: ['open', 'closed'] })).toBe('open')
    expect(() => parse('Open', { enum: ['open', 'closed'] })).toThrow(refused('id'))
    expect(() => parse('1', { enum: [1] })).toThrow(refused('id'))
  })
})

describe('a number argument', () => {
  const parse = (value: unknown, change: object = {}) =>
    parseArguments(rulesFor({ fee: { type: 'number', ...change } }), { fee: value }).fee

  it.each(['5', true, null, 5n, Object(5)])('is a number and nothing that could become one', (value) => {
    expect(() => parse(value)).toThrow(refused('fee'))
    expect(() => parse(value)).toThrow(/must be a number/)
  })

  it.each([Number.NaN, Infinity, -Infinity, -0, 2 ** 53, -(2 ** 53), 1e300])('is finite and exact: %d', (value) => {
    expect(() => parse(value)).toThrow(refused('fee'))
  })

  it.each([0, 0.1, -1.5, 2 ** 53 - 1, -(2 ** 53 - 1)])('may be %d', (value) => {
    expect(parse(value)).toBe(value)
  })

  it('keeps within its limits, which belong to it', () => {
    const limits = { minimum: 0, maximum: 10 }
    expect([parse(0, limits), parse(10, limits)]).toEqual([0, 10])
    expect(() => parse(-0.5, limits)).toThrow(refused('fee'))
    expect(() => parse(10.5, limits)).toThrow(refused('fee'))
  })

  it('is whole where it is an integer', () => {
    expect(parse(5, { type: 'integer' })).toBe(5)
    expect(() => parse(5.5, { type: 'integer' })).toThrow(refused('fee'))
    expect(() => parse('5', { type: 'integer' })).toThrow(refused('fee'))
  })

  it('is one of its values', () => {
    expect(() => parse(3, { enum: [1, 2] })).toThrow(refused('fee'))
  })
})

describe('a boolean argument', () => {
  it.each([0, 1, 'true', null])('is not %j', (value) => {
    expect(() => parseArguments(rulesFor({ open: { type: 'boolean' } }), { open: value })).toThrow(refused('open'))
  })

  it.each([true, false])('is %j', (value) => {
    expect(parseArguments(rulesFor({ open: { type: 'boolean' } }), { open: value })).toEqual({ open: value })
  })
})

describe('whatever is given', () => {
  const rules = rulesFor({ id: {}, fee: { type: 'integer', required: false } })

  it('is taken unchanged or refused by code, and never anything else', () => {
    fc.assert(
      fc.property(fc.object({ withNullPrototype: true, withBigInt: true, withDate: true, withMap: true }), (input) => {
        const given: Record<string, unknown> = { id: 'INV-1', ...input }
        try {
          const parsed = parseArguments(rules, given)
          for (const name of Object.keys(parsed)) expect(parsed[name]).toBe(given[name])
        } catch (error) {
          expect(isRunnerError(error) && error.code).toBe('INVALID_ARGUMENT')
        }
      }),
    )
  })

  it('is well-formed exactly if UTF-8 gives it back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        expect(isWellFormed(value)).toBe(Buffer.from(value).toString() === value)
      }),
    )
  })
})
