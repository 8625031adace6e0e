import fc from 'fast-check'
import { parseTree } from 'jsonc-parser'
import { expect, it } from 'vitest'
import { toJsonValue } from '../../../src/contract/json-value.js'
import { readText } from '../../../src/contract/parse-text.js'
import { readPlainJson } from '../../../src/contract/plain-json.js'

/** What the slower reading with places makes of a text. */
function readWithPlaces(text: string) {
  const root = parseTree(text, [], { disallowComments: true })
  if (root === undefined) throw new Error('The text is no JSON.')
  return toJsonValue(root, text)
}

it('reads what the reading with places reads', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), (text) => {
      const plain = readPlainJson(text)
      const { value, problems } = readWithPlaces(text)
      expect(plain).toEqual(problems.length === 0 ? { value } : undefined)
    }),
  )
})

it('reads keys of a prototype and texts that look like something else', () => {
  const text = '{ "__proto__": { "a": 1 }, "b": "x: \\"1.00000000000000000001\\": {", "c:": [-0, 1.5e3, true, null] }'
  expect(readPlainJson(text)).toEqual({ value: JSON.parse(text) })
  expect(Object.keys(Object(readPlainJson(text)?.value))).toEqual(['__proto__', 'b', 'c:'])
})

it.each([
  ['a key that stands twice', '{ "a": 1, "a": 1 }'],
  ['one in different escapes', '{ "a": 1, "\\u0061": 1 }'],
  ['one deep inside', '[{ "x": [{ "a": 1, "b": { "c": 2 }, "b": {} }] }]'],
  ['one whose first value is lost with all in it', '{ "a": { "b": { "c": 1 } }, "a": [] }'],
  ['a number that would be rounded', '[1.00000000000000000001]'],
  ['an integer that would be rounded', '{ "a": 9007199254740993 }'],
  ['a number that is too large', '[1e400]'],
  ['a comment', '{ } // none'],
  ['a comma too many', '[1,]'],
  ['nothing', ''],
])('leaves %s to the reading with places', (_, text) => {
  expect(readPlainJson(text)).toBeUndefined()
})

const LONG = 2 ** 24

it.each([
  ['letters', 'a'.repeat(LONG)],
  ['escapes', '\\n'.repeat(LONG / 2)],
])('reads a string of many %s', (_, text) => {
  expect(readText(`["${text}"]`)).toMatchObject({ value: [JSON.parse(`"${text}"`)], problems: [] })
})

it.each([
  ['in the open', ''],
  ['behind a string that nothing closes', '"\n'],
  ['behind a quote in a comment', '/*"*/'],
])('refuses brackets without end %s', (_, before) => {
  expect(readText(`${before}${'['.repeat(1_000_000)}"`).problems).toMatchObject([{ code: 'TOO_LARGE' }])
})
