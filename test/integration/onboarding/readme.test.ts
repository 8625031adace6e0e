import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { projectRoot } from '../../support/command.js'
import { createPostgresWorld, type PostgresWorld } from '../../support/databases.js'
import { createFolder, createShop, type Folder } from '../../support/onboarding.js'

const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8')
const [, block = ''] = /^## Your own database$[\s\S]*?^```sh\n([\s\S]*?)^```$/m.exec(readme) ?? []
const lines = block.split('\n').filter((line) => line !== '')
const env = Object.fromEntries(
  [...(lines[0] ?? '').matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]),
)
const typed = lines.slice(1).map((line) => /^npx synapsor-runner (.+?)(?:\s+#.*)?$/.exec(line)?.[1] ?? '')

const SCHEMA = `
create table invoices (
  id varchar(20) primary key,
  tenant_id varchar(20) not null,
  customer varchar(80) not null,
  late_fee_cents integer not null,
  version integer not null default 1
);
create index invoices_by_tenant on invoices (tenant_id);
insert into invoices (id, tenant_id, customer, late_fee_cents) values ('INV-3001', 'acme', 'Ann Archer', 5500);
`

let folder: Folder

beforeEach(() => {
  folder = createFolder()
})
afterEach(() => folder.remove())

/** Types each line as printed; a person says yes. Gives what each of them said. */
async function typeAll(more: Readonly<Record<string, string>>, change: (line: string) => string = (line) => line) {
  const said: Record<string, string> = {}
  for (const line of typed.map(change)) {
    const { exit_code, out, err } = await folder.run(line, { env: { ...env, ...more }, answers: [true] })
    expect({ line, exit_code, err: exit_code === 0 ? '' : err }).toEqual({ line, exit_code: 0, err: '' })
    said[line.split(' ').slice(0, 2).join(' ')] = out
  }
  return said
}

describe('the quickstart of the README for a database of your own', () => {
  it('names the caller first, and goes from a look at the database to a change in it', () => {
    expect(lines[0]).toMatch(/^export /)
    expect(typed.map((line) => line.split(' ')[0])).toEqual([
      ...['inspect', 'start', 'migrations', 'smoke', 'propose', 'proposals', 'apply'],
    ])
  })

  it('works line by line on SQLite, as printed', async () => {
    await createShop(folder, SCHEMA)
    const said = await typeAll({})

    expect(said['inspect --path']).toMatch(/^invoices +id +tenant_id +version/m)
    expect(said['start --path']).toContain('"Ann Archer"')
    expect(said['start --path']).toContain('Not exposed')
    expect(said.smoke).toContain('the source is unchanged')
    expect(said['apply latest']).toContain('applied')
    const after = await folder.run('call invoices.inspect_invoice --sample --json', { env })
    expect(after.document).toMatchObject({ data: { late_fee_cents: 0, version: 2 } })
  })
})

describe('the same on PostgreSQL, with the variable for the file', () => {
  let world: PostgresWorld
  beforeAll(async () => {
    world = await createPostgresWorld({ schemaSql: SCHEMA })
  })
  afterAll(() => world.drop())

  it('works line by line, once the variable of the writer is set', async () => {
    const urls = { DATABASE_URL: world.adminUrl, SYNAPSOR_DATABASE_WRITE_URL: world.adminUrl }
    const said = await typeAll(urls, (line) => line.replace('--path shop.db', '--from-env DATABASE_URL'))

    expect(said['start --from-env']).toContain('"Ann Archer"')
    expect(said['apply latest']).toContain('applied')
    const { rows } = await world.admin.query('select late_fee_cents, version from invoices')
    expect(rows).toEqual([{ late_fee_cents: 0, version: 2 }])
  })
})
