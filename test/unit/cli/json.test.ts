import { expect, it } from 'vitest'
import { renderJson } from '../../../src/cli/text/json.js'
import { wrap } from '../../../src/cli/text/wrap.js'

it('writes JSON that a terminal shows as it is and that means the same', () => {
  const value = { 'a\u202eb': ['\u001b[2J', '\u009b', 'Zoë', '\u{e0041}', '日本', '\\u{1b}'], n: 1.5, none: null }
  const json = renderJson(value)
  for (const unsafe of ['\u001b', '\u009b', '\u202e', '\u{e0041}']) expect(json).not.toContain(unsafe)
  expect(json).toContain('Zoë')
  expect(json).toContain('日本')
  expect(JSON.parse(json)).toEqual(value)
})

it('breaks text at blanks alone', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three'])
  expect(wrap('extraordinary', 5)).toEqual(['extraordinary'])
})
