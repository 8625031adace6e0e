import { expect, it } from 'vitest'
import type { Callable } from '../../../src/cli/call/callable.js'
import { writtenArguments } from '../../../src/cli/call/written-arguments.js'
import { isUsageError } from '../../../src/cli/usage-error.js'

const callable: Callable = {
  name: 'billing.propose_fee',
  kind: 'proposal',
  types: { id: 'string', cents: 'integer', rate: 'number', urgent: 'boolean' },
  sample: undefined,
}

it.each([
  [['id=INV-1'], '{"id":"INV-1"}'],
  [['id=12'], '{"id":"12"}'],
  [['id=null'], '{"id":"null"}'],
  [['id=a=b:=c'], '{"id":"a=b:=c"}'],
  [['id='], '{"id":""}'],
  [['id=two\nlines'], '{"id":"two\\nlines"}'],
  [['cents=12'], '{"cents":12}'],
  [['cents=-12'], '{"cents":-12}'],
  [['cents=9007199254740993'], '{"cents":9007199254740993}'],
  [['cents=012'], '{"cents":"012"}'],
  [['cents=0x1f'], '{"cents":"0x1f"}'],
  [['cents=null'], '{"cents":null}'],
  [['cents=true'], '{"cents":"true"}'],
  [['rate=1.50e3'], '{"rate":1.50e3}'],
  [['rate=Infinity'], '{"rate":"Infinity"}'],
  [['urgent=true', 'id=x'], '{"urgent":true,"id":"x"}'],
  [['urgent=1'], '{"urgent":"1"}'],
  [['cents:=[1, 2]'], '{"cents":[1, 2]}'],
  [[], '{}'],
])('writes %j as %s', (words, json) => {
  expect(writtenArguments(words, callable)).toBe(json)
})

it.each([['id'], ['=x'], [':=1'], ['cents:={'], ['id:=1,"cents":2'], ['cent=1'], ['__proto__=1']])(
  'refuses %s',
  (word) => {
    expect(() => writtenArguments([word], callable)).toThrow(expect.toSatisfy(isUsageError))
  },
)

it('takes any name where nothing is known', () => {
  expect(writtenArguments(['a=1', 'b:=2'], undefined)).toBe('{"a":"1","b":2}')
})

it('lets a run be answered', () => {
  const flow: Callable = { ...callable, kind: 'workflow' }
  expect(writtenArguments(['information:={"a":1}'], flow)).toBe('{"information":{"a":1}}')
  expect(() => writtenArguments(['information:={}'], callable)).toThrow(expect.toSatisfy(isUsageError))
})
