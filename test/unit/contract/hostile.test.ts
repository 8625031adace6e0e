import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../../src/contract/parse.js'
import { validateConfig } from '../../../src/contract/validate.js'
import { changed, found, parcelDesk } from './parcel-desk.js'

const READ = 'capabilities/0'
const RELEASE = 'capabilities/2'

/** Names that are no names: quoting breaks, paths into system schemas, invisible and look-alike letters. */
const NO_NAMES = [
  'parcels"; drop table ledger;--',
  'parcels`; drop table ledger;--',
  'parcels]; drop table ledger;--',
  "parcels'--",
  'pg_catalog.pg_authid',
  'mysql.user',
  'pg_temp.parcels',
  'parcels\u0000x',
  'parcels\n',
  ' parcels',
  'parcels\u200b',
  '\u0131nvoices',
  'p\u0430rcels',
  'surcharge_cents = 0, depot_id',
  '1parcel',
  'par-cels',
  '*',
  '',
  'a'.repeat(64),
]

const PLACES = [
  `${READ}/target/table`,
  `${READ}/target/schema`,
  `${READ}/target/primary_key`,
  `${READ}/target/tenant_key`,
  `${READ}/visible_columns/0`,
  `${READ}/lookup/id_from_arg`,
  `${RELEASE}/allowed_columns/0`,
  `${RELEASE}/conflict_guard/column`,
  `${RELEASE}/transition_guards/state/from_column`,
  `${RELEASE}/patch/state/from_arg`,
  'sources/depot/receipts/table',
  'sources/depot/receipts/schema',
]

const MAPS = [
  [`${READ}/args`, { type: 'string' }],
  [`${RELEASE}/patch`, { fixed: 1 }],
  [`${RELEASE}/numeric_bounds`, { minimum: 1 }],
  [`${RELEASE}/transition_guards`, { allowed: { a: ['b'] } }],
] as const

describe('a name that is no name', () => {
  it.each(PLACES)('is refused at %s', (place) => {
    for (const name of NO_NAMES) {
      const { errors } = validateConfig(changed({ 'sources/depot/receipts': {}, [place]: name }))
      expect(errors.map(({ path }) => path)).toContain(`/${place}`)
    }
  })

  it.each(MAPS)('is refused as a key of %s', (map, value) => {
    for (const name of NO_NAMES) {
      const { errors } = validateConfig(changed({ [map]: Object.fromEntries([[name, value]]) }))
      expect(errors.filter(({ path }) => path.startsWith(`/${map}/`))).not.toEqual([])
    }
  })

  it.each(['sources', 'contexts', 'executors', 'operators'])('is refused as a name in %s', (map) => {
    for (const name of ['a"b\n', ' a', 'a\u200b', '']) {
      const { errors } = validateConfig({ ...parcelDesk(), [map]: { [name]: {} } })
      expect(errors.filter(({ path }) => path.startsWith(`/${map}/`))).not.toEqual([])
    }
  })

  it.each(['ctid', 'tableoid', 'xmin', 'xmax', 'cmin', 'cmax', 'oid', 'rowid', '_rowid_', 'RowID', 'XMIN'])(
    'cannot be the system column %s',
    (column) => {
      for (const place of [`${READ}/visible_columns/0`, `${RELEASE}/allowed_columns/0`]) {
        expect(found(changed({ [place]: column })).errors).toContain(`SYSTEM_OBJECT /${place}`)
      }
    },
  )

  it.each([
    'pg_catalog',
    'pg_temp',
    'pg_toast',
    'information_schema',
    'mysql',
    'performance_schema',
    'sys',
    'sqlite_x',
  ])('cannot be the system schema %s', (schema) => {
    const { errors } = found(changed({ [`${READ}/target/schema`]: schema }))
    expect(errors).toEqual([`SYSTEM_OBJECT /${READ}/target/schema`])
  })
})

describe('an argument that the model may not have', () => {
  it.each([
    ...['tenant_id', 'tenant', 'principal', 'principal_id', 'project_id', 'source_id', 'database_id'],
    ...['allowed_columns', 'row_version', 'current_version', 'expected_version', 'approval_identity', 'table'],
    ...['schema', 'column', 'columns', 'database', 'sql', 'query', 'where', 'filter'],
    ...['tenantId', 'principalId', 'projectId', 'sourceId', 'databaseId', 'allowedColumns', 'rowVersion'],
    ...['currentVersion', 'expectedVersion', 'approvalIdentity', 'TENANT_ID'],
  ])('is called %s', (name) => {
    const { errors } = found(changed({ 'capabilities/1/args': { [name]: { type: 'string' } } }))
    expect(errors).toEqual([`REFUSED_ARGUMENT /capabilities/1/args/${name}`])
  })
})

describe('a key that is refused anywhere', () => {
  it.each([
    ...['url', 'database_url', 'read_url', 'write_url', 'connection_string'],
    ...['sql', 'raw_sql', 'statement', 'query_sql', 'databaseUrl', 'connectionString', 'rawSql'],
  ])('is %s', (key) => {
    for (const place of ['', `${READ}/`, 'sources/depot/', `${RELEASE}/patch/`, 'cloud/']) {
      const { errors } = found(changed({ cloud: {}, strict: false, [`${place}${key}`]: 'x' }))
      expect(errors).toContain(`REFUSED_KEY /${place}${key}`)
    }
  })
})

describe('a credential in a text', () => {
  it.each([
    'postgres://db.example/x',
    'postgresql+psycopg://db.example/x',
    'mysql://root@localhost/x',
    'mariadb://localhost',
    'jdbc:oracle:thin:@db.example:1521',
    'https://user:secret@example.org/',
    'https://token@example.org/',
    'Server=db;Password=secret',
    '-----BEGIN RSA PRIVATE KEY-----',
    ['AK', 'IA', 'ABCDEFGHIJKLMNOP'].join(''),
    ['gh', 'p_', 'a'.repeat(36)].join(''),
    ['sk', '-', 'a'.repeat(24)].join(''),
    ['xo', 'xb-', '1'.repeat(12)].join(''),
    ['eyJ', 'a'.repeat(12), '.eyJ', 'b'.repeat(12), '.c'].join(''),
  ])('is refused and not repeated: %s', (text) => {
    const { errors } = validateConfig(changed({ [`${READ}/description`]: `Ask ${text} first.` }))
    expect(errors.map(({ code, path }) => `${code} ${path}`)).toEqual([`INLINE_CREDENTIAL /${READ}/description`])
    expect(errors[0]?.message).not.toContain(text)
  })

  it('is not an address that anybody may read', () => {
    const description = 'See https://example.org/terms and ask for the password policy.'
    expect(found(changed({ [`${READ}/description`]: description })).errors).toEqual([])
  })
})

function nested(levels: number): object {
  let value: object = {}
  for (let level = 0; level < levels; level += 1) value = { inner: value }
  return value
}

function cyclic(): object {
  const value: { self?: object } = {}
  value.self = value
  return value
}

describe('validateConfig', () => {
  it.each([
    ['null', null],
    ['nothing', undefined],
    ['a number', 3],
    ['NaN', Number.NaN],
    ['a bigint', 10n],
    ['a symbol', Symbol('config')],
    ['a function', () => ({})],
    ['a list', []],
    ['a date', new Date()],
    ['a map', new Map()],
    ['a cycle', cyclic()],
    ['100,000 levels', nested(100_000)],
    ['a list of a billion', { capabilities: new Array(1_000_000_000) }],
    ['a list with holes', { capabilities: new Array(2) }],
    ['a getter that throws', Object.defineProperty({}, 'mode', { enumerable: true, get: () => expect.fail('read') })],
    ['a proxy that throws', new Proxy({}, { ownKeys: () => JSON.parse('no') })],
    ['a revoked proxy', revoked()],
    ['another prototype', Object.create({ version: 1 })],
    ['a lone surrogate', { version: 1, mode: '\ud800' }],
  ])('answers %s with errors that have a path', (_, value) => {
    const { ok, errors } = validateConfig(value)
    expect(ok).toBe(false)
    expect(errors.length).toBeGreaterThan(0)
    for (const { path, message } of errors) {
      expect(path).toMatch(/^\//)
      expect(message).toMatch(/[.?]$/)
    }
  })

  it.each([
    ['a lone surrogate', '\ud800', 'INVALID_VALUE', ''],
    ['a function', () => 1, 'INVALID_TYPE', ''],
    ['a bigint', 10n, 'INVALID_TYPE', ''],
    ['NaN', Number.NaN, 'INVALID_TYPE', ''],
    ['a date', new Date(), 'INVALID_TYPE', ''],
    ['a cycle', cyclic(), 'INVALID_TYPE', '/self'],
    ['100,000 levels', nested(100_000), 'TOO_LARGE', '/inner'.repeat(28)],
    ['a list of a billion', new Array(1_000_000_000), 'TOO_LARGE', ''],
    ['a list with a hole', new Array(1), 'INVALID_TYPE', '/0'],
  ])('refuses %s under an optional key of an otherwise valid contract', (_, value, code, below) => {
    const { errors } = found(changed({ 'sources/depot/ssl': { extra: value } }))
    expect(errors).toEqual([`${code} /sources/depot/ssl/extra${below}`])
  })

  it('does not call a getter of an otherwise valid contract', () => {
    const ssl = Object.defineProperty({}, 'extra', { enumerable: true, get: () => expect.fail('read') })
    expect(found(changed({ 'sources/depot/ssl': ssl })).errors).toEqual(['INVALID_TYPE /sources/depot/ssl/extra'])
  })

  it('refuses more values than any contract has', () => {
    const many = Array.from({ length: 1_500 }, () => new Array(1_500).fill(0))
    expect(found(changed({ 'sources/depot/ssl': { many } })).errors).toContain('TOO_LARGE /')
  })

  it.each([
    ['a proxy that throws', new Proxy({}, { ownKeys: () => JSON.parse('no') })],
    ['a revoked proxy', revoked()],
  ])('refuses %s inside an otherwise valid contract', (_, value) => {
    const { errors } = validateConfig(changed({ 'sources/depot/ssl': { extra: value } }))
    expect(errors).toEqual([
      { path: '/', code: 'INVALID_TYPE', message: 'Give plain JSON data: this object cannot be read.' },
    ])
  })

  it('refuses keys of prototypes, however they come', () => {
    const config: unknown = JSON.parse(
      '{ "version": 1, "__proto__": { "mode": "review" }, "sources": { "prototype": {} } }',
    )
    expect(found(config).errors).toEqual(
      expect.arrayContaining(['REFUSED_KEY /__proto__', 'REFUSED_KEY /sources/prototype', 'MISSING_KEY /mode']),
    )
    expect(Reflect.get({}, 'mode')).toBeUndefined()
  })

  it('refuses numbers that JSON cannot hold exactly', () => {
    const path = `${RELEASE}/numeric_bounds/surcharge_cents/maximum`
    expect(found(changed({ [path]: 2 ** 53 })).errors).toEqual([`INEXACT_NUMBER /${path}`])
    expect(found(changed({ [path]: Number.POSITIVE_INFINITY })).errors).toEqual([`INVALID_TYPE /${path}`])
  })

  it('takes a key without a value for an absent key', () => {
    const config = parseConfig({ ...parcelDesk(), cloud: undefined })
    expect('cloud' in config).toBe(false)
  })

  it('answers a megabyte of text in good time', () => {
    const long = 'a://'.repeat(250_000)
    const started = performance.now()
    validateConfig({ version: 1, mode: long, [long]: long })
    expect(performance.now() - started).toBeLessThan(2_000)
  })
})

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}
