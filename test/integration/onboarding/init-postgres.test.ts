import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { documentOf, errorCodeOf } from '../../support/cli.js'
import { createPostgresWorld, type PostgresWorld } from '../../support/databases.js'
import { CALLER, createFolder, type Folder } from '../../support/onboarding.js'

const SCHEMA = `
create type invoice_status as enum ('open', 'pending', 'paid');
create table invoices (
  id bigint primary key,
  tenant_id uuid not null,
  customer text not null,
  status invoice_status not null,
  late_fee_cents integer not null check (late_fee_cents >= 0 and late_fee_cents <= 10000),
  waiver_reason varchar(200),
  card_number text,
  updated_at timestamptz(6) not null default clock_timestamp()
);
create index on invoices (tenant_id);
create schema crm;
create table crm.contacts (id uuid primary key, tenant_id bigint not null, name text not null, note text);
create table "order lines" (id int primary key, "tenant""id" text);
create table readings (id int primary key, tenant_id double precision not null, value int not null, changed_at timestamptz(3) not null);
create view open_invoices as select * from invoices where status = 'open';
insert into invoices (id, tenant_id, customer, status, late_fee_cents) values
  (9007199254740993, '7f1c1a52-6a1e-4b7c-9d5e-0a5b0c1d2e3f', 'Ann Archer', 'open', 5500);
insert into crm.contacts values ('0b9a52c8-52a3-4f63-8ab6-1b2f3c4d5e6f', 42, 'Bo', null);
`

let world: PostgresWorld
let folder: Folder

beforeAll(async () => {
  world = await createPostgresWorld({ schemaSql: SCHEMA })
})
afterAll(() => world.drop())

beforeEach(() => {
  folder = createFolder()
})
afterEach(() => folder.remove())

const TENANT = '7f1c1a52-6a1e-4b7c-9d5e-0a5b0c1d2e3f'
const env = () => ({ ...CALLER, APP_URL: world.adminUrl, SYNAPSOR_TENANT_ID: TENANT })

/** Of a server that has other databases: a role is everybody's. */
function roleNames() {
  const mark = randomUUID().replaceAll('-', '').slice(0, 12)
  return { reader: `r'${mark}"`, writer: `w_${mark}` }
}

function urlFor(role: string): string {
  const url = new URL(world.adminUrl)
  url.username = encodeURIComponent(role)
  url.password = 'secret-of-a-role'
  return url.href
}

const FLAGS =
  'init --from-env APP_URL --table invoices --yes --object-id 9007199254740993 --approver dana ' +
  '--patch late_fee_cents=fixed:0,status=arg:status,waiver_reason=arg:reason --transition-guard status=open:pending,paid'

describe('the roles that are written', () => {
  const { reader, writer } = roleNames()
  const quoted = [reader, writer].map((role) => pg.escapeIdentifier(role))

  afterAll(async () => {
    for (const role of quoted) await world.admin.query(`drop owned by ${role}; drop role ${role}`)
  })

  it('are what the runner works with, and can do no more', async () => {
    const flags = [...FLAGS.split(' '), '--reader-role', reader, '--writer-role', writer]
    const made = await folder.run([...flags, '--write-url-env', 'WRITE_URL', '--json'], { env: env() })
    expect(documentOf('init', made)).toMatchObject({
      checked: 'database',
      first_call: { ok: true, data: { customer: 'Ann Archer' } },
      not_exposed: { columns: ['tenant_id', 'card_number'] },
    })

    const sql = folder.read('synapsor.roles.sql')
    expect(sql.replaceAll(/^--.*$/gm, '')).not.toMatch(/password/i)
    await world.admin.query(sql)
    // It can be run again.
    await world.admin.query(sql)
    for (const role of quoted) await world.admin.query(`alter role ${role} password 'secret-of-a-role'`)

    const roles = { ...env(), APP_URL: urlFor(reader), WRITE_URL: urlFor(writer) }
    for (const line of [
      'propose invoices.propose_invoice_update invoice_id=9007199254740993 status=paid reason=Sorry',
      'proposals approve latest --as dana --yes',
      'apply latest',
    ]) {
      const { exit_code, err } = await folder.run(line, { env: roles })
      expect([line, exit_code, exit_code === 0 ? '' : err]).toEqual([line, 0, ''])
    }
    const { rows } = await world.admin.query('select status, late_fee_cents from invoices')
    expect(rows).toEqual([{ status: 'paid', late_fee_cents: 0 }])

    await as(reader, async (client) => {
      await expect(client.query('select card_number from invoices')).rejects.toMatchObject({ code: '42501' })
      await expect(client.query('select * from crm.contacts')).rejects.toMatchObject({ code: '42501' })
      await client.query('set default_transaction_read_only = off')
      await expect(client.query('update invoices set late_fee_cents = 1')).rejects.toMatchObject({ code: '42501' })
      await expect(client.query('create table mine (id int)')).rejects.toMatchObject({ code: '42501' })
    })
    await as(writer, async (client) => {
      await expect(client.query(`update invoices set customer = 'x'`)).rejects.toMatchObject({ code: '42501' })
      await expect(client.query('delete from invoices')).rejects.toMatchObject({ code: '42501' })
      await expect(client.query('delete from synapsor_writeback_receipts')).rejects.toMatchObject({ code: '42501' })
      await expect(client.query('create table mine (id int)')).rejects.toMatchObject({ code: '42501' })
    })
  })
})

async function as(role: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: urlFor(role) })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

describe('what the catalogue says', () => {
  it('decides the types of arguments, and the bounds that the table keeps anyway', async () => {
    const { exit_code } = await folder.run(FLAGS, { env: env() })
    expect(exit_code).toBe(0)
    const [, propose] = JSON.parse(folder.read('synapsor.runner.json')).capabilities
    expect(propose).toMatchObject({
      // A larger number than JSON holds exactly travels as text.
      args: {
        invoice_id: { type: 'string', max_length: 20 },
        status: { type: 'string', enum: ['pending', 'paid'] },
        reason: { type: 'string', max_length: 200 },
      },
      numeric_bounds: { late_fee_cents: { minimum: 0, maximum: 10_000 } },
      conflict_guard: { column: 'updated_at' },
    })
  })

  it('is followed where the tenant is a number and the key a UUID', async () => {
    const line =
      'init --from-env APP_URL --schema crm --table contacts --yes --object-id 0b9a52c8-52a3-4f63-8ab6-1b2f3c4d5e6f'
    const { exit_code, out } = await folder.run(line, { env: { ...env(), SYNAPSOR_TENANT_ID: '42' } })
    expect([exit_code, out]).toEqual([0, expect.stringContaining('"Bo"')])
  })

  it.each([
    ['a schema that is not there', '--schema none --table invoices', '/schema UNKNOWN_REFERENCE'],
    ['a table of another schema', '--schema public --table contacts', '/table UNKNOWN_REFERENCE'],
    [
      'a tenant that rows are not found by',
      '--table readings --tenant-key tenant_id --conflict-column value --patch value=arg:value',
      '/tenant_key INVALID_VALUE',
    ],
    [
      'a version that two writes can share',
      '--table readings --single-tenant-dev --conflict-column changed_at --patch value=arg:value',
      '/conflict_column INVALID_VALUE',
    ],
    ['a name that needs quotes', ['--table', 'order lines'], 'INVALID_VALUE'],
    [
      'a view that is to be written',
      '--table open_invoices --primary-key id --conflict-column updated_at --patch status=arg:status',
      '/table',
    ],
    [
      'a label that the column has not',
      '--table invoices --patch status=fixed:void --transition-guard status=open:paid',
      'OUT_OF_LIMITS',
    ],
  ])('refuses %s and writes nothing', async (_, flags, words) => {
    const given = ['init', '--from-env', 'APP_URL', '--yes', ...(typeof flags === 'string' ? flags.split(' ') : flags)]
    const { exit_code, out, err } = await folder.run(given, { env: env() })
    expect([exit_code, out, err]).toEqual([1, '', expect.stringContaining(words)])
    expect(folder.files()).toEqual([])
  })
})

describe('a database that cannot be asked', () => {
  const line = 'init --from-env APP_URL --table invoices --primary-key id --tenant-key tenant_id --visible-columns id'

  it.each([
    ['is not there', { port: '1' }, 'SOURCE_UNAVAILABLE'],
    ['does not know the password', { password: 'hunter2' }, 'SOURCE_AUTH'],
  ])('%s: nothing is written, and no credential is said', async (_, change, code) => {
    const url = Object.assign(new URL(world.readerUrl), change)
    const given = { env: { ...CALLER, APP_URL: url.href } }
    const result = await folder.run(`${line} --json`, given)
    expect([result.exit_code, errorCodeOf(result)]).toEqual([1, code])
    const told = await folder.run(line, given)
    expect(told.out + told.err + result.out).not.toContain(url.password)
    expect(folder.files()).toEqual([])
  })

  it('leaves no credential in what is written', async () => {
    await folder.run(`${FLAGS} --save-selection answers.json`, { env: env() })
    const { password } = new URL(world.adminUrl)
    for (const file of folder.files().filter((name) => !name.includes('local.db'))) {
      if (password !== '') expect(folder.read(file)).not.toContain(password)
      expect(folder.read(file)).not.toContain(world.adminUrl)
    }
  })
})
