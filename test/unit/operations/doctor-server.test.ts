import { describe, expect, it } from 'vitest'
import { type Credential, clockAhead, isLocalAddress, type ServerFacts } from '../../../src/drivers/privileges.js'
import { examineServer } from '../../../src/operations/doctor-server.js'

const server: ServerFacts = {
  name: 'PostgreSQL 18.4',
  version: [18, 4],
  oldest: [13],
  is_encrypted: true,
  is_local: false,
  clock_ahead_ms: 0,
  is_pooled: false,
  is_replica: false,
}

function credential(facts: Partial<ServerFacts>): Credential {
  return {
    account: '"r"',
    default_schema: 'public',
    has_grants: true,
    sees_all: true,
    reads_only: true,
    tables: [],
    grants: [],
    is_cut: false,
    powers: [],
    server: { ...server, ...facts },
  }
}

const about = (facts: Partial<ServerFacts>, role: 'reader' | 'writer' = 'reader') => {
  const one = credential(facts)
  const asked = { reader: role === 'reader' ? one : undefined, writer: role === 'writer' ? one : undefined }
  return examineServer('shop', asked).map(({ reason, severity }) => [reason, severity])
}

describe('the server of a source', () => {
  it('is fine when nothing is wrong with it', () => {
    expect(examineServer('shop', { reader: credential({}), writer: undefined })).toEqual([
      { name: 'server:shop', source: 'shop', severity: 'ok', message: 'shop is PostgreSQL 18.4, reached over TLS.' },
    ])
  })

  it.each([
    ['without TLS over a network', { is_encrypted: false }, [['NOT_ENCRYPTED', 'warning']]],
    ['without TLS on this machine', { is_encrypted: false, is_local: true }, [[undefined, 'ok']]],
    ['four seconds ahead', { clock_ahead_ms: 4000 }, [[undefined, 'ok']]],
    ['six seconds behind', { clock_ahead_ms: -6000 }, [['CLOCK_OFF', 'warning']]],
    ['two minutes ahead', { clock_ahead_ms: 120_000 }, [['CLOCK_OFF', 'error']]],
    ['older than what is tried out', { version: [12, 9] }, [['SERVER_TOO_OLD', 'warning']]],
    ['of no known version', { version: [] }, [['SERVER_TOO_OLD', 'warning']]],
    ['behind a pooler', { is_pooled: true }, [['POOLED', 'warning']]],
    ['a replica to read from', { is_replica: true }, [[undefined, 'ok']]],
  ] as const)('is told of when it is %s', (_, facts, expected) => {
    expect(about(facts)).toEqual(expected)
  })

  it('must take writes where the writer reaches it', () => {
    expect(about({ is_replica: true }, 'writer')).toEqual([['REPLICA', 'error']])
  })

  it('is told of once where both credentials meet the same', () => {
    const one = credential({ is_pooled: true })
    expect(examineServer('shop', { reader: one, writer: one })).toHaveLength(1)
  })

  it('compares versions by number and part by part', () => {
    expect(about({ version: [10, 11], oldest: [10, 6] })).toEqual([[undefined, 'ok']])
    expect(about({ version: [10, 5], oldest: [10, 6] })).toEqual([['SERVER_TOO_OLD', 'warning']])
    expect(about({ version: [11, 1], oldest: [10, 6] })).toEqual([[undefined, 'ok']])
  })
})

describe('the clock of a server', () => {
  const asked = { from: 1000, until: 1500 }

  it.each([
    [1200, 0],
    [1000, 0],
    [3500, 2000],
    [400, -600],
    [Number.NaN, 0],
  ])('at %d is ahead by what is beyond doubt', (server_ms, ahead) => {
    expect(clockAhead(server_ms, asked)).toBe(ahead)
  })
})

describe('an address', () => {
  it.each([
    [undefined, true],
    ['127.0.0.1', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['10.0.0.1', false],
    ['12.7.0.1', false],
  ])('%s is on this machine: %s', (address, isLocal) => {
    expect(isLocalAddress(address)).toBe(isLocal)
  })
})
