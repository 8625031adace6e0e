import { describe, expect, it } from 'vitest'
import { validateConfig } from '../../../src/contract/validate.js'
import { changed } from './parcel-desk.js'

const READ = 'parcels.inspect_parcel'
const RELEASE = 'parcels.propose_release'

function problemsOf(rate_limits: unknown): readonly string[] {
  return validateConfig(changed({ rate_limits })).errors.map(({ code, path }) => `${code} ${path}`)
}

describe('the rate limits of a contract', () => {
  it('hold for all capabilities, and for single ones', () => {
    const all = { calls_per_minute: 60, open_proposals: 20, proposals_per_day: 200 }
    expect(problemsOf(all)).toEqual([])
    expect(problemsOf({ capabilities: { [READ]: { calls_per_minute: 5 }, [RELEASE]: all } })).toEqual([])
    expect(problemsOf({})).toEqual([])
  })

  it.each([0, -1, 1.5, '60', null, 1_000_001])('are whole numbers from 1, and not %j', (limit) => {
    const [problem] = problemsOf({ calls_per_minute: limit })
    expect(problem).toMatch(/ \/rate_limits\/calls_per_minute$/)
  })

  it('know their own keys alone', () => {
    expect(problemsOf({ calls_per_hour: 5 })).toEqual(['UNKNOWN_KEY /rate_limits/calls_per_hour'])
    expect(problemsOf({ capabilities: { [READ]: { capabilities: {} } } })).toEqual([
      `UNKNOWN_KEY /rate_limits/capabilities/${READ}/capabilities`,
    ])
  })

  it('name a capability of the contract, and say which is meant', () => {
    const misspelled = `${READ}s`
    const { errors } = validateConfig(changed({ rate_limits: { capabilities: { [misspelled]: {} } } }))
    expect(errors).toEqual([
      {
        code: 'UNKNOWN_REFERENCE',
        path: `/rate_limits/capabilities/${misspelled}`,
        message: `Name a capability of the contract. Did you mean \`${READ}\`?`,
      },
    ])
  })

  it('do not limit proposals of what only reads', () => {
    expect(problemsOf({ capabilities: { [READ]: { open_proposals: 1, proposals_per_day: 1 } } })).toEqual([
      `INVALID_VALUE /rate_limits/capabilities/${READ}/open_proposals`,
      `INVALID_VALUE /rate_limits/capabilities/${READ}/proposals_per_day`,
    ])
  })
})
