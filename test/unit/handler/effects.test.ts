import { describe, expect, it } from 'vitest'
import { readEffects } from '../../../src/handler/effects.js'
import { conflict, handlerMigration, isRefusal, refuse } from '../../../src/handler/index.js'

describe('what a function gives back', () => {
  it('is one row where it says nothing', () => {
    expect(readEffects(undefined)).toEqual({ rows_affected: 1, details: {} })
  })

  it('is kept as it is, whole numbers of any size as text', () => {
    const given = { rows_affected: 0, new_version: 2n ** 60n, new_object_id: 'T-1', details: { a: [1, null] } }
    expect(readEffects(given)).toEqual({ ...given, new_version: '1152921504606846976' })
  })

  it.each([
    ['a number', 1],
    ['rows by halves', { rows_affected: 0.5 }],
    ['fewer rows than none', { rows_affected: -1 }],
    ['something nobody knows', { rows: 1 }],
    ['a date', { new_version: new Date() }],
    ['a version that is rounded', { new_version: 2 ** 60 }],
    ['a function among the details', { details: { f: () => 1 } }],
    ['a list for details', { details: [1] }],
    ['too much', { details: { text: 'x'.repeat(9000) } }],
  ])('is refused when it is %s', (_, given) => {
    expect(() => readEffects(given)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })
})

describe('a refusal', () => {
  it('is told from every other error', () => {
    const thrown = [() => refuse('A'), () => conflict()].map(thrownBy)
    expect([...thrown, new Error('A'), undefined].map(isRefusal)).toEqual([true, true, false, false])
    expect(thrown[1]).toMatchObject({ status: 'conflict', safe_error_code: 'CONFLICT' })
  })

  it.each(['', 'a b', '1A', 'ü', 'A'.repeat(65)])('has a code that is no text: not "%s"', (code) => {
    expect(() => refuse(code)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })
})

it.each(['postgres', 'mysql', 'sqlite'] as const)(
  'the receipts table has another name where one is given: %s',
  (engine) => {
    expect(handlerMigration(engine)).toContain('synapsor_handler_receipts')
    expect(handlerMigration(engine, { receipts: { table: 'own' } })).toMatch(/create table if not exists .*own/)
  },
)

function thrownBy(work: () => never): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}

describe('what the runner could not read', () => {
  const deep = JSON.parse(`${'{"a":'.repeat(20)}1${'}'.repeat(20)}`)

  it.each([
    ['details deeper than an answer may be', { details: deep }],
    ['half a character in details', { details: { text: '\ud800' } }],
    ['half a character in an id', { new_object_id: '\ud800' }],
  ])('is not kept either: %s', (_, effects) => {
    expect(() => readEffects(effects)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })
})
