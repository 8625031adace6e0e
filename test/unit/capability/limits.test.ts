import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assertBounds } from '../../../src/capability/bounds.js'
import { assertTransitions } from '../../../src/capability/transitions.js'
import { integer, text } from './samples.js'

describe('a bound', () => {
  const check = (bounds: { minimum?: number; maximum?: number }, value: string | null) => () =>
    assertBounds(new Map([['fee', bounds]]), { fee: { type: 'numeric(20,4)', text: value } })
  const exceeded = expect.objectContaining({ code: 'BOUND_EXCEEDED', details: { column: 'fee' } })

  it('includes its ends', () => {
    expect(check({ minimum: 0, maximum: 10 }, '0')).not.toThrow()
    expect(check({ minimum: 0, maximum: 10 }, '10.0000')).not.toThrow()
  })

  it('is exact to the last digit', () => {
    expect(check({ minimum: 0, maximum: 10 }, '10.0001')).toThrow(exceeded)
    expect(check({ minimum: 0, maximum: 10 }, '-0.0001')).toThrow(exceeded)
    expect(check({ maximum: 0.1 }, '0.1000000000000000055')).toThrow(exceeded)
    expect(check({ maximum: 0.1 }, '0.1')).not.toThrow()
    expect(check({ maximum: 9007199254740991 }, '9007199254740992')).toThrow(exceeded)
    expect(check({ maximum: 9007199254740991 }, '99999999999999999999999999999999999999')).toThrow(exceeded)
  })

  it('may have one end', () => {
    expect(check({ minimum: 5 }, '4')).toThrow(exceeded)
    expect(check({ minimum: 5 }, '1000000')).not.toThrow()
    expect(check({ maximum: 5 }, '-1000000')).not.toThrow()
  })

  it.each(['NaN', 'Infinity', '-Infinity', '1e5', '0x10', '', ' 5', '+5', '5.', '.5', '1,000', null])(
    'holds no value that is not a plain number: %j',
    (value) => {
      expect(check({ minimum: 0, maximum: 10 }, value)).toThrow(exceeded)
    },
  )

  it('says nothing of a column that is not written', () => {
    expect(() => assertBounds(new Map([['fee', { maximum: 1 }]]), { other: integer('5') })).not.toThrow()
  })

  it('agrees with whole-number arithmetic of any size', () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 30n), 10n ** 30n), fc.maxSafeInteger(), (value, maximum) => {
        const attempt = check({ maximum }, String(value))
        if (value > BigInt(maximum)) expect(attempt).toThrow(exceeded)
        else expect(attempt).not.toThrow()
      }),
    )
  })
})

describe('a transition', () => {
  const rules = new Map([
    [
      'status',
      {
        from_column: 'status',
        is_visible: true,
        allowed: new Map([
          ['open', ['closed', 'held']],
          ['held', ['open']],
        ]),
      },
    ],
  ])
  const move = (from: string | null | undefined, to: string | null) => () =>
    assertTransitions(rules, from === undefined ? {} : { status: text(from) }, { status: text(to) })
  const refused = (allowed: readonly string[]) =>
    expect.objectContaining({ code: 'TRANSITION_REFUSED', details: { column: 'status', allowed } })

  it('follows an edge of the contract', () => {
    expect(move('open', 'closed')).not.toThrow()
    expect(move('held', 'open')).not.toThrow()
  })

  it('follows no other, and says which there are', () => {
    expect(move('held', 'closed')).toThrow(refused(['open']))
    expect(move('open', 'open')).toThrow(refused(['closed', 'held']))
    expect(move('open', 'Closed')).toThrow(refused(['closed', 'held']))
  })

  it('goes nowhere from a state without edges, from NULL and from what was not read', () => {
    expect(move('closed', 'open')).toThrow(refused([]))
    expect(move(null, 'open')).toThrow(refused([]))
    expect(move(undefined, 'open')).toThrow(refused([]))
    expect(move('constructor', 'open')).toThrow(refused([]))
  })

  it('never ends at NULL', () => {
    expect(move('open', null)).toThrow(refused(['closed', 'held']))
  })

  const other = new Map([['fee', { from_column: 'status', is_visible: false, allowed: new Map([['open', ['0']]]) }]])

  it('may depend on another column', () => {
    expect(() => assertTransitions(other, { status: text('open') }, { fee: integer('0') })).not.toThrow()
  })

  it('tells nothing of a state that nobody may see', () => {
    const refusal = expect.objectContaining({
      code: 'TRANSITION_REFUSED',
      details: { column: 'fee' },
      next: expect.not.stringContaining('0'),
    })
    for (const state of ['open', 'closed']) {
      expect(() => assertTransitions(other, { status: text(state) }, { fee: integer('1') })).toThrow(refusal)
    }
  })

  it('is asked for only where its column is written', () => {
    expect(() => assertTransitions(rules, {}, { note: text('x') })).not.toThrow()
  })
})
