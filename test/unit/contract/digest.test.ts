import { describe, expect, it } from 'vitest'
import { capabilityDigest, configDigest } from '../../../src/contract/digest.js'
import { parseConfig } from '../../../src/contract/parse.js'
import { changed, parcelDesk } from './parcel-desk.js'

const READ = 'capabilities/0'
const RELEASE = 'capabilities/2'
const NAMES = ['parcels.inspect_parcel', 'parcels.list_parcels', 'parcels.propose_release', 'parcels.propose_pickup']

function digestOf(config: object): string {
  return configDigest(parseConfig(config))
}

/** Names of the capabilities whose digest is another after the changes. */
function moved(changes: Record<string, unknown>): string[] {
  const before = parseConfig(parcelDesk())
  const after = parseConfig(changed(changes))
  return NAMES.filter((name) => capabilityDigest(before, name) !== capabilityDigest(after, name))
}

describe('configDigest', () => {
  it('is a digest', () => {
    expect(digestOf(parcelDesk())).toMatch(/^sha256:[0-9a-f]{64}$/)
  })

  it.each([
    ['a description', { [`${READ}/description`]: 'Other words.' }],
    ['a hint', { [`${READ}/returns_hint`]: 'A row.' }],
    ['the description of an argument', { [`${READ}/args/parcel_no/description`]: 'On the label.' }],
    ['examples', { [`${READ}/examples`]: [] }],
    ['the place of the ledger', { 'storage/sqlite_path': 'other.db' }],
    ['a key for editors', { $schema: './schema.json' }],
    ['an ignored key', { result_format: 2 }],
    ['a default that is written out', { [`${READ}/evidence`]: 'required', strict: true }],
  ])('is the same with another value of %s', (_, changes) => {
    expect(digestOf(changed(changes))).toBe(digestOf(parcelDesk()))
  })

  it.each([
    ['a column', { [`${READ}/visible_columns/1`]: 'weight' }],
    ['an argument', { [`${READ}/args/parcel_no/max_length`]: 41 }],
    ['the mode', { mode: 'shadow' }],
    ['an operator', { 'operators/mira/roles': ['dispatcher', 'lead'] }],
    ['a source', { 'sources/depot/write_url_env': 'OTHER' }],
    ['the separation of duties', { approvals: { separation_of_duties: false } }],
    ['a rate limit', { rate_limits: { calls_per_minute: 5 } }],
  ])('is another with another value of %s', (_, changes) => {
    expect(digestOf(changed(changes))).not.toBe(digestOf(parcelDesk()))
  })

  it('does not depend on the order of keys', () => {
    const reversed = Object.fromEntries(Object.entries(parcelDesk()).reverse())
    expect(digestOf(reversed)).toBe(digestOf(parcelDesk()))
  })
})

describe('capabilityDigest', () => {
  it('moves with what the capability decides', () => {
    expect(moved({ [`${READ}/visible_columns/1`]: 'weight' })).toEqual([NAMES[0]])
    expect(moved({ [`${RELEASE}/numeric_bounds/surcharge_cents/maximum`]: 901 })).toEqual([NAMES[2]])
    expect(moved({ [`${RELEASE}/transition_guards/state/allowed/stored/0`]: 'lost' })).toEqual([NAMES[2]])
    expect(moved({ [`${RELEASE}/approval/required_role`]: 'director' })).toEqual([NAMES[2]])
    expect(moved({ [`${RELEASE}/args/surcharge/maximum`]: 800 })).toEqual([NAMES[2]])
  })

  it('moves with the source, the context, the executor, the separation of duties and the mode', () => {
    expect(moved({ 'sources/depot/receipts': { authority: 'runner_ledger' } })).toEqual([NAMES[0], NAMES[2], NAMES[3]])
    expect(moved({ 'sources/counter/read_only': true })).toEqual([NAMES[1]])
    expect(moved({ 'sources/counter/path': 'copy.db' })).toEqual([NAMES[1]])
    expect(moved({ 'contexts/desk/values/tenant_id_key': 'org' })).toEqual([NAMES[0]])
    expect(moved({ 'trusted_context/values/tenant_id_env': 'ORG' })).toEqual(NAMES.slice(1))
    expect(moved({ 'executors/courier_app/auth': undefined })).toEqual([NAMES[3]])
    expect(moved({ 'executors/courier_app/signing_secret_env': undefined })).toEqual([NAMES[3]])
    expect(moved({ 'executors/courier_app': { type: 'function' } })).toEqual([NAMES[3]])
    expect(moved({ approvals: { separation_of_duties: false } })).toEqual([NAMES[2], NAMES[3]])
    expect(moved({ mode: 'shadow' })).toEqual(NAMES)
  })

  it('stays with texts, samples, operators, and the names of URLs and secrets', () => {
    const changes = {
      [`${READ}/description`]: 'Other words.',
      [`${READ}/returns_hint`]: 'A row.',
      [`${READ}/examples`]: [],
      [`${READ}/args/parcel_no/description`]: 'On the label.',
      'operators/mira/roles': [],
      rate_limits: { open_proposals: 5 },
      'sources/depot/read_url_env': 'OTHER_READER',
      'sources/depot/write_url_env': 'OTHER_WRITER',
      'sources/depot/pool': { max: 3 },
      'sources/depot/statement_timeout_ms': 1,
      'executors/courier_app/url_env': 'OTHER_URL',
      'executors/courier_app/auth/token_env': 'OTHER_TOKEN',
      'executors/courier_app/timeout_ms': 1,
      'storage/sqlite_path': 'other.db',
    }
    for (const [path, value] of Object.entries(changes)) expect(moved({ [path]: value })).toEqual([])
  })

  it('counts the effective separation of duties, wherever it is said', () => {
    const own = changed({ [`${RELEASE}/approval/separation_of_duties`]: true })
    const lifted = changed({ [`${RELEASE}/approval/separation_of_duties`]: false })
    const [name = ''] = NAMES.slice(2)
    expect(capabilityDigest(parseConfig(lifted), name)).not.toBe(capabilityDigest(parseConfig(own), name))
  })

  it('refuses a name that is not there', () => {
    expect(() => capabilityDigest(parseConfig(parcelDesk()), 'parcels.lose')).toThrow(
      expect.objectContaining({ code: 'CAPABILITY_NOT_FOUND' }),
    )
  })
})
