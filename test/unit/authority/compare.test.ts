import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareAuthority, configDigest, validateConfig } from '../../../src/index.js'
import { CHANGES } from './changes.js'
import { SAMPLE, sampleWith } from './sample.js'

describe('a contract with', () => {
  it.each(CHANGES)('%s', (_, changes, expected, subject) => {
    const next = sampleWith(changes)
    expect(validateConfig(next).errors).toEqual([])
    const found = compareAuthority(SAMPLE, next)
    expect(found).toContainEqual(expect.objectContaining({ direction: expected, subject }))
    if (expected !== 'grew') expect(found.filter(({ direction }) => direction === 'grew')).toEqual([])
  })

  it.each(CHANGES.filter(([, , expected]) => expected === 'shrank'))('%s grows when it is taken back', (_, changes) => {
    expect(compareAuthority(sampleWith(changes), SAMPLE).some(({ direction }) => direction === 'grew')).toBe(true)
  })
})

it('says where, and in words', () => {
  const next = sampleWith({
    '/capabilities/2/args/reason/max_length': 4000,
    '/capabilities/2/approval/required_approvals': 1,
  })
  expect(compareAuthority(SAMPLE, next)).toEqual([
    {
      direction: 'grew',
      subject: 'capability:billing.waive_fee',
      path: '/capabilities/2/approval/required_approvals',
      message: 'The number of people who must approve goes from 2 to 1.',
    },
    {
      direction: 'grew',
      subject: 'capability:billing.waive_fee',
      path: '/capabilities/2/args/reason/max_length',
      message: 'Argument reason: Its greatest length goes from 200 to 4000.',
    },
  ])
})

it('tells an added capability from a removed one, each by its place', () => {
  const without = sampleWith({ '/capabilities/3': undefined })
  const message = 'propose changes of status of invoices.'
  const subject = 'capability:billing.close_ticket'
  const path = '/capabilities/3'
  expect(compareAuthority(without, SAMPLE)).toEqual([
    { direction: 'grew', subject, path, message: `It was added: it may ${message}` },
  ])
  expect(compareAuthority(SAMPLE, without)).toEqual([
    { direction: 'shrank', subject, path, message: `It was removed: it may no longer ${message}` },
  ])
})

it('knows a capability by another name, wherever it is named', () => {
  const next = JSON.parse(JSON.stringify(SAMPLE).replaceAll('billing.waive_fee', 'billing.forgive_fee'))
  expect(compareAuthority(SAMPLE, next)).toEqual([
    {
      direction: 'changed',
      subject: 'capability:billing.forgive_fee',
      path: '/capabilities/2/name',
      message: 'It was called billing.waive_fee; what it may do is the same.',
    },
  ])
})

it('takes a capability that changed its kind for another one', () => {
  const { name, source, target, args, lookup, visible_columns } = SAMPLE.capabilities[3]
  const next = sampleWith({ '/capabilities/3': { name, kind: 'read', source, target, args, lookup, visible_columns } })
  expect(compareAuthority(SAMPLE, next).map(({ direction }) => direction)).toEqual(['grew', 'shrank'])
})

it('reports another order, which decides nothing', () => {
  const next = sampleWith({ '/capabilities': [...SAMPLE.capabilities].reverse() })
  expect(compareAuthority(SAMPLE, next)).toEqual([
    {
      direction: 'changed',
      subject: 'contract',
      path: '/capabilities',
      message: 'The order of capabilities is another one.',
    },
  ])
})

it('refuses a contract that is not valid', () => {
  expect(() => compareAuthority(SAMPLE, sampleWith({ '/mode': 'all' }))).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID' }),
  )
})

it('finds nothing where keys stand in another order, defaults are spelled out, or texts differ', () => {
  const next = sampleWith({
    '/sources/shop/read_only': false,
    '/capabilities/2/args/fee/required': true,
    '/capabilities/0/description': 'Shows one invoice.',
    '/capabilities/0/examples': undefined,
    '/storage': undefined,
    '/strict': true,
  })
  const reversed = Object.fromEntries(Object.entries(next).reverse())
  expect(compareAuthority(SAMPLE, reversed as typeof next)).toEqual([])
})

const OTHERS: readonly unknown[] = [
  true,
  false,
  null,
  0,
  1,
  7,
  5001,
  'x',
  'full',
  'id',
  'billing.close_ticket',
  'support_lead',
  'OTHER_ENV',
  [],
  {},
  undefined,
]

/** Every place of the sample, inner ones too. */
function placesOf(value: unknown, path = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, inner]) => placesOf(inner, `${path}/${key}`))]
}

it('says something of every change that decides, and nothing of others', () => {
  const places = placesOf(SAMPLE).filter((place) => place !== '')
  let valid = 0
  fc.assert(
    fc.property(fc.constantFrom(...places), fc.constantFrom(...OTHERS), fc.boolean(), (place, value, back) => {
      const next = sampleWith({ [place]: value })
      if (!validateConfig(next).ok) return
      valid += 1
      const found = back ? compareAuthority(next, SAMPLE) : compareAuthority(SAMPLE, next)
      expect(found.length > 0).toBe(configDigest(next) !== configDigest(SAMPLE))
      for (const { path, message } of found) {
        expect(path).toMatch(/^\//)
        expect(message).toMatch(/^[A-Z].*\.$/s)
      }
    }),
    { numRuns: 1500 },
  )
  expect(valid).toBeGreaterThan(100)
})
