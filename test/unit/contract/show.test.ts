import { describe, expect, it } from 'vitest'
import { contractJsonSchema } from '../../../src/contract/json-schema.js'
import { migrateConfig } from '../../../src/contract/migrate.js'
import { redactConfig } from '../../../src/contract/redact.js'
import { changed, found, parcelDesk } from './parcel-desk.js'

describe('redactConfig', () => {
  it('keeps a contract without secrets as it is', () => {
    expect(redactConfig(parcelDesk())).toEqual(parcelDesk())
  })

  it('masks literal tenants, options of the client, facts of the session and credentials', () => {
    const shown = JSON.stringify(
      redactConfig(
        changed({
          trusted_context: { provider: 'static_dev', values: { tenant_id: 'masked-1', principal: 'masked-2' } },
          'sources/depot/ssl': { ca: 'masked-3', nested: { cert: 'masked-4' } },
          cloud: { session: { who: 'masked-5' } },
          'sources/depot/read_url_env': 'postgres://masked-6',
          'sources/depot/password': 'masked-7',
          operators: { 'mysql://masked-8': { roles: [] } },
        }),
      ),
    )
    expect(shown).not.toContain('masked-')
    expect(shown).toContain('"provider":"static_dev"')
    expect(shown).toContain('DEPOT_WRITER')
  })

  it.each([
    [{ headers: { Authorization: 'Bearer masked-1', 'X-Api-Key': 'masked-2' } }],
    [{ auth: 'masked-1', dbPassword: 'masked-2', signing_secret: 'masked-3', dsn: 'masked-4', API_KEYS: 'masked-5' }],
    [{ secret: { value: 'masked-1', deeper: [{ still: 'masked-2' }] }, token: ['masked-3', 'masked-4'] }],
    [
      {
        first: 'Basic masked-0',
        note: 'Bearer masked-1',
        tokenEnv: 'masked-3',
        more: 'curl -H "Authorization: bearer masked-2abc"',
      },
    ],
    [{ args: ['--password=masked-1', '--token', 'masked-2', '--verbose'], run: 'psql --password masked-3' }],
    [
      {
        run: 'PGPASSWORD=masked-1 psql',
        link: 'https://h/?page=1&api_key=masked-2',
        at: 'https://h/#access_token=masked-3',
      },
    ],
    [{ operators: { 'h/?page=1&secret=masked-1': { roles: [] } } }],
    [{ 'sources/depot/read_url_env': 'masked-1', 'sources/depot/ssl': { passphrase: 'masked-2', ca: 'masked-3' } }],
    [{ executors: { app: { type: 'http_handler', url_env: 'APP', auth: 'masked-1', signing_secret: 'masked-2' } } }],
    [
      {
        executors: {
          app: { type: 'http_handler', url_env: 'APP', auth: { type: 'bearer', value: { token: 'masked-1' } } },
        },
      },
    ],
    [
      {
        'capabilities/2/patch': { api_token: { fixed: 'masked-1' } },
        'capabilities/0/examples': [{ token: 'masked-2' }],
      },
    ],
    [
      {
        trusted_context: { provider: 'static_dev', values: { tenant_id: 'masked-1' } },
        nested: { primary: { pwd: 'masked-2' } },
      },
    ],
  ])('masks what its name or its form gives away: %j', (change) => {
    expect(JSON.stringify(redactConfig(changed(change)))).not.toContain('masked-')
  })

  it('masks numbers, too', () => {
    const given = { password: 123456, secret: { pin: 123456 }, 'sources/depot/ssl': { passphrase: 123456 } }
    expect(JSON.stringify(redactConfig(changed(given)))).not.toContain('123456')
  })

  it.each([
    [{ 'capabilities/0/args/access_token': { type: 'string', description: 'Key of the parcel, as printed.' } }],
    [{ 'sources/auth': { engine: 'postgres', read_url_env: 'AUTH_READ_URL' } }],
    [
      {
        primary_key: 'id',
        tenant_key: 'tenant_id',
        row_key: 'x',
        tenant_id_key: 'org',
        tokenEnv: 'A_TOKEN',
        public_key: 'y',
        some_token_env: 'SOME_TOKEN',
      },
    ],
    [{ description: 'A bearer of parcels. Every pass rate = high.' }],
    [
      {
        executors: {
          app: { type: 'http_handler', url_env: 'APP', auth: { type: 'bearer_env', token_env: 'APP_TOKEN' } },
        },
      },
    ],
    [{ contexts: { web: { provider: 'http_claims', values: { tenant_id_key: 'org', principal_key: 'client' } } } }],
    [{ workflows: [{ name: 'a', version: 1, steps: [{ key: 'look', capability: 'a.b' }] }] }],
  ])('keeps what only sounds like one: %j', (change) => {
    expect(redactConfig(changed(change))).toEqual(changed(change))
  })

  it('takes whatever it is given', () => {
    expect(redactConfig(null)).toBeNull()
    expect(redactConfig(() => 1)).toBeUndefined()
  })
})

describe('migrateConfig', () => {
  it('changes nothing in a contract of today', () => {
    expect(migrateConfig(parcelDesk())).toEqual({ config: parcelDesk(), changes: [] })
  })

  it('rewrites older spellings and lists each', () => {
    const older = changed({
      version: undefined,
      result_format: 1,
      'sources/depot/ssl': { rejectUnauthorized: false },
      'capabilities/0/args/parcel_no': { type: 'number' },
      'capabilities/0/examples': undefined,
      'capabilities/1/target/tenant_key': undefined,
      'capabilities/1/single_tenant_dev_ack': true,
      'capabilities/3/executor': undefined,
      'capabilities/3/writeback/executor': 'courier_app',
    })
    const before = JSON.stringify(older)
    const { config, changes } = migrateConfig(older)
    expect(changes.map(({ path }) => path)).toEqual([
      '/version',
      '/result_format',
      '/sources/depot/ssl',
      '/capabilities/0/args/parcel_no/type',
      '/capabilities/1/single_tenant_dev_ack',
      '/capabilities/3/writeback/executor',
    ])
    expect(config).toMatchObject({
      version: 1,
      sources: { depot: { tls: { no_verify: true } } },
      capabilities: [
        { args: { parcel_no: { type: 'integer' } } },
        { target: { single_tenant_dev: true } },
        {},
        { executor: 'courier_app', writeback: { mode: 'app_handler' } },
      ],
    })
    expect(found(config).errors).toEqual([])
    expect(JSON.stringify(older)).toBe(before)
  })

  it('drops a TLS option that says what holds anyway, and leaves others alone', () => {
    const verified = migrateConfig(changed({ 'sources/depot/ssl': { rejectUnauthorized: true } }))
    expect(verified).toMatchObject({ config: parcelDesk(), changes: [{ path: '/sources/depot/ssl' }] })
    expect(migrateConfig(changed({ 'sources/depot/ssl': { ca: 'x' } })).changes).toEqual([])
  })

  it('guesses nothing: what is missing stays missing', () => {
    const { config, changes } = migrateConfig(changed({ 'capabilities/2/conflict_guard': undefined }))
    expect(changes).toEqual([])
    expect(found(config).errors).toEqual(['MISSING_KEY /capabilities/2/conflict_guard'])
  })

  it('takes whatever it is given', () => {
    expect(migrateConfig(7)).toEqual({ config: 7, changes: [] })
  })
})

/** Every object schema in `node`, with the keys that it describes. */
function objectsIn(node: unknown): { properties: object; additionalProperties: unknown }[] {
  if (typeof node !== 'object' || node === null) return []
  const own = 'properties' in node && 'additionalProperties' in node ? [node] : []
  const inner = Object.values(node).flatMap(objectsIn)
  return [
    ...own.filter((one): one is ReturnType<typeof objectsIn>[number] => one.properties instanceof Object),
    ...inner,
  ]
}

describe('contractJsonSchema', () => {
  const schema = contractJsonSchema()

  it('is JSON Schema 2020-12 of the contract as it is written', () => {
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      additionalProperties: false,
      required: ['version', 'mode'],
    })
  })

  it('knows no key beyond those it describes, and describes each', () => {
    const objects = objectsIn(schema)
    expect(objects.length).toBeGreaterThan(30)
    for (const { properties, additionalProperties } of objects) {
      expect(additionalProperties).toBe(false)
      for (const [key, value] of Object.entries(properties)) expect(value, key).toHaveProperty('description')
    }
  })

  it('can be changed by its caller without harm', () => {
    Reflect.set(contractJsonSchema(), 'type', 'array')
    expect(contractJsonSchema().type).toBe('object')
  })
})
