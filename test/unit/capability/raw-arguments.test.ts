import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRawArguments } from '../../../src/capability/raw-arguments.js'

const refused = (argument?: string) =>
  expect.objectContaining({ code: 'INVALID_ARGUMENT', details: argument === undefined ? {} : { argument } })

const NAMES = fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/)
const SCALARS = fc.oneof(
  fc.string(),
  fc.boolean(),
  fc.constant(null),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
)

describe('arguments as raw JSON text', () => {
  it('are what JSON says, where JSON says one thing', () => {
    fc.assert(
      fc.property(fc.dictionary(NAMES, SCALARS), (value) => {
        expect(parseRawArguments(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('are refused where a name is given twice, however it is written', () => {
    const escaped = (name: string) =>
      name.replace(/./g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`)
    fc.assert(
      fc.property(NAMES, SCALARS, SCALARS, fc.boolean(), (name, first, second, isEscaped) => {
        const again = isEscaped ? escaped(name) : name
        const text = `{"${name}":${JSON.stringify(first)},"${again}":${JSON.stringify(second)}}`
        expect(() => parseRawArguments(text)).toThrow(refused(name))
      }),
    )
  })

  it('are refused where a number would lose digits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 2n ** 53n, max: 10n ** 21n - 1n }), fc.boolean(), (number, isNegative) => {
        const literal = `${isNegative ? '-' : ''}${number}`
        const survives = String(Number(literal)) === literal
        const parse = () => parseRawArguments(`{"n":${literal}}`)
        if (survives) expect(parse()).toEqual({ n: Number(literal) })
        else expect(parse).toThrow(refused('n'))
      }),
    )
  })

  it('are refused where a decimal has more digits than a double keeps', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 10n ** 17n, max: 10n ** 30n }), (digits) => {
        const literal = `0.${String(digits)}1`
        expect(() => parseRawArguments(`{"n":${literal}}`)).toThrow(refused('n'))
      }),
    )
  })

  it.each(['1e400', '-1e400', '-0', '-0.0', '9007199254740993', '0.1000000000000000055511151231257827', '4.9e-324'])(
    'hold no number that stands for another: %s',
    (literal) => {
      expect(() => parseRawArguments(`{"n":${literal}}`)).toThrow(refused('n'))
    },
  )

  it('hold no number that is longer than any double needs, however many noughts it has', () => {
    expect(parseRawArguments('{"n":0.10}')).toEqual({ n: 0.1 })
    expect(() => parseRawArguments(`{"n":0.1${'0'.repeat(40)}}`)).toThrow(refused('n'))
  })

  it.each([
    ['0', 0],
    ['1e2', 100],
    ['1.50', 1.5],
    ['100E-2', 1],
    ['0.0', 0],
    ['9007199254740991', 9007199254740991],
    ['5e-324', 5e-324],
  ])('hold %s as what it says', (literal, number) => {
    expect(parseRawArguments(`{"n":${literal}}`)).toEqual({ n: number })
  })

  it.each(['{"n":{}}', '{"n":[]}', '{"n":{"n":1,"n":2}}', '{"n":[[[[]]]]}'])('hold no structure: %s', (text) => {
    expect(() => parseRawArguments(text)).toThrow(refused('n'))
  })

  it.each([
    '',
    ' ',
    '[]',
    '"x"',
    '1',
    'null',
    '{',
    '{"a":1,}',
    '{a:1}',
    '{"a":1}//',
    '{"a":1}{}',
    '\ufeff{}',
    "{'a':1}",
  ])('are one JSON object and nothing beside it: %j', (text) => {
    expect(() => parseRawArguments(text)).toThrow(refused())
  })

  it('have an end', () => {
    expect(parseRawArguments(`{"n":"${'x'.repeat(60_000)}"}`)).toHaveProperty('n')
    expect(() => parseRawArguments(`{"n":"${'x'.repeat(65_536)}"}`)).toThrow(refused())
  })

  it('keep __proto__ as a name of their own', () => {
    expect(Object.keys(parseRawArguments('{"__proto__":1}') as object)).toEqual(['__proto__'])
  })
})

describe('arguments with one object in them', () => {
  const parse = (text: string) => parseRawArguments(text, 'information')

  it('are what JSON says, where JSON says one thing', () => {
    fc.assert(
      fc.property(fc.dictionary(NAMES, SCALARS), fc.dictionary(NAMES, SCALARS), (value, information) => {
        const whole = { ...value, information }
        expect(parse(JSON.stringify(whole))).toEqual(JSON.parse(JSON.stringify(whole)))
      }),
    )
  })

  it.each([
    ['another name', '{"other":{"a":1}}', 'other'],
    ['a list', '{"information":[1]}', 'information'],
    ['an object in the object', '{"information":{"a":{"b":1}}}', undefined],
    ['a list in the object', '{"information":{"a":[]}}', undefined],
    ['the object twice', '{"information":{"a":1},"information":{"a":2}}', undefined],
    ['the object and then a value', '{"information":{"a":1},"information":5}', undefined],
    ['a value and then the object', '{"information":5,"information":{"a":1}}', 'information'],
    ['a name twice in the object', '{"information":{"a":1,"a":2}}', 'a'],
    ['a name twice beside it', '{"x":1,"information":{"a":1},"x":2}', 'x'],
    ['a number that loses digits in the object', '{"information":{"n":9007199254740993}}', 'n'],
    ['brackets in strings that hide a second object', '{"x":"}","information":{"a":"{"},"y":{"b":1}}', 'y'],
  ])('refuse %s', (_, text, argument) => {
    expect(() => parse(text)).toThrow(refused(argument))
  })
})
