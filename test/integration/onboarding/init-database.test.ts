import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { documentOf, errorCodeOf } from '../../support/cli.js'
import { CALLER, createFolder, createShop, type Folder } from '../../support/onboarding.js'

let folder: Folder

beforeEach(async () => {
  folder = createFolder()
  await createShop(folder)
})

afterEach(() => folder.remove())

const SQLITE = 'init --path shop.db --table invoices'
const WHOLE = `${SQLITE} --primary-key id --tenant-key tenant_id --visible-columns id,status,late_fee_cents`

describe('against a database', () => {
  it('writes what was checked, hides what looks like a secret, and says what is not exposed', async () => {
    const result = await folder.run(`${SQLITE} --yes --json`)
    const document = documentOf('init', result)
    expect(document).toMatchObject({
      checked: 'database',
      selection: { conflict_column: 'version', tenant_key: 'tenant_id' },
      not_exposed: { tables: ['order_lines', 'settings'], columns: ['tenant_id', 'api_token'] },
      first_call: null,
    })
    // What is suggested is to read: nothing is ever suggested to be written.
    expect(folder.read('synapsor.runner.json')).not.toContain('"proposal"')
  })

  it('warns of no index that its contract has no use for, as the doctor does not', async () => {
    await createShop(folder, 'create table notes (id text primary key, tenant_id text not null, state text);', 'n.db')
    const inspected = await folder.run('inspect --path n.db --table notes --json')
    expect(documentOf('inspect', inspected)).toMatchObject({
      tables: [{ notes: [{ code: 'TENANT_NOT_INDEXED', message: expect.stringContaining('list of one tenant') }, {}] }],
    })
    const made = await folder.run('init --path n.db --table notes --yes --json')
    expect(documentOf('init', made)).toMatchObject({ warnings: [] })
    expect((await folder.run('doctor', { env: CALLER })).out).not.toContain('TENANT_NOT_INDEXED')
  })

  it.each([
    ['a table that is not there', 'init --path shop.db --table invoyces --yes', 'Did you mean `invoices`?'],
    [
      'a column that is not there',
      `${SQLITE} --primary-key id --tenant-key tenant_id --visible-columns id,custmer`,
      'Did you mean `customer`?',
    ],
    [
      'a key of several columns',
      'init --path shop.db --table order_lines --primary-key order_id --tenant-key tenant_id --visible-columns line',
      'order_id and line together',
    ],
    [
      'a table whose key is of several columns, in words of what it lacks',
      'init --path shop.db --table order_lines --yes',
      'Only several columns together identify a row: order_id, line. Add a column that is unique by itself',
    ],
    [
      'no version column, in words of the flags',
      `${WHOLE} --patch status=arg:status`,
      'Add --conflict-column, the version column; where the table has none, --weak-guard',
    ],
    [
      'nobody who writes what was approved',
      `${WHOLE} --conflict-column version --patch status=arg:status --mode review --writeback none`,
      '/writeback EXECUTOR_MISMATCH: Say who writes',
    ],
    [
      'a fixed value outside its bounds, and names them',
      `${WHOLE} --conflict-column version --patch late_fee_cents=fixed:9 --numeric-bound late_fee_cents=0:5`,
      'Fix a number from 0 to 5, or change the bounds.',
    ],
    [
      'a column that names no single row',
      `${SQLITE} --primary-key status --tenant-key tenant_id --visible-columns id`,
      'identifies one row',
    ],
    [
      'no tenant column, unless that is chosen',
      'init --path shop.db --table settings --yes',
      '/tenant_key TENANT_KEY_MISSING',
    ],
    [
      'a patched column that is not there',
      `${WHOLE} --conflict-column version --patch late_fee=arg:fee`,
      'has no column `late_fee`',
    ],
    ['the key as what is proposed', `${WHOLE} --conflict-column version --patch id=arg:new_id`, 'COLUMN_PROTECTED'],
    [
      'a version column that is not there',
      `${WHOLE} --conflict-column updated_at --patch status=arg:status`,
      'has no column `updated_at`',
    ],
    [
      'a fixed value out of its bounds',
      `${WHOLE} --conflict-column version --patch-fixed late_fee_cents=10001 --numeric-bound late_fee_cents=0:10000`,
      'OUT_OF_LIMITS',
    ],
    ['a key of a row where it is no number', `${WHOLE} --object-id ${'9'.repeat(600)}`, '/object_id'],
  ])('refuses %s and writes nothing', async (_, line, words) => {
    const { exit_code, out, err } = await folder.run(line)
    expect([exit_code, out, err]).toEqual([1, '', expect.stringContaining(words)])
    expect(folder.files()).toEqual(['shop.db'])
  })

  it('says what it took, for a person to look at once more', async () => {
    const { out } = await folder.run(`${SQLITE} --yes --patch late_fee_cents=arg:fee`)
    for (const line of [/Key +id/, /Tenant +tenant_id/, /Version +version/, /Proposes +late_fee_cents/]) {
      expect(out).toMatch(line)
    }
  })

  it('says that its files are written where the first call cannot be tried', async () => {
    mkdirSync(join(folder.path, '.synapsor', 'local.db'), { recursive: true })
    const { exit_code, out, err } = await folder.run(`${SQLITE} --yes --object-id INV-1`, { env: CALLER })
    expect(exit_code).toBe(1)
    expect(out + err).toContain('Written to')
    expect(out + err).toContain('LEDGER_UNAVAILABLE')
  })

  it('takes one tenant only where that is said', async () => {
    const { exit_code } = await folder.run('init --path shop.db --table settings --yes --single-tenant-dev')
    expect(exit_code).toBe(0)
    expect(folder.read('synapsor.runner.json')).toContain('"single_tenant_dev": true')
  })

  it('says that there is no such file', async () => {
    const result = await folder.run('init --path nowhere.db --table invoices --yes --json')
    expect([result.exit_code, errorCodeOf(result)]).toEqual([1, 'SOURCE_UNAVAILABLE'])
    expect(folder.files()).toEqual(['shop.db'])
  })

  it('makes the first call at once, and keeps its input', async () => {
    const env = CALLER
    const { exit_code, out } = await folder.run(`${SQLITE} --yes --object-id INV-1`, { env })
    expect(exit_code).toBe(0)
    expect(out).toContain('Ann Archer')
    expect(JSON.parse(folder.read('.synapsor/smoke-input.json'))).toEqual({ invoice_id: 'INV-1' })
    const again = await folder.run('smoke call invoices.inspect_invoice --input .synapsor/smoke-input.json', { env })
    expect(again.out).toContain('Ann Archer')
  })

  it('exits 1 where the first call finds no such row of this tenant, and has written its files', async () => {
    const { exit_code, out } = await folder.run(`${SQLITE} --yes --object-id INV-9`, { env: CALLER })
    expect([exit_code, out]).toEqual([1, expect.stringContaining('NOT_FOUND')])
    expect(folder.has('synapsor.runner.json')).toBe(true)
  })

  it('writes what goes through the whole loop', async () => {
    const env = CALLER
    const flags = '--patch late_fee_cents=fixed:0,waiver_reason=arg:reason --approver dana --approver-role lead'
    await folder.run(`${SQLITE} --yes --object-id INV-1 ${flags}`, { env })
    const lines = [
      'migrations apply --all --yes',
      'doctor',
      'propose invoices.propose_invoice_update --sample',
      'proposals approve latest --as dana --yes',
      'apply latest',
      'replay latest',
    ]
    for (const line of lines) {
      const { exit_code, err } = await folder.run(line, { env })
      expect([line, exit_code, exit_code === 0 ? '' : err]).toEqual([line, 0, ''])
    }
    const read = await folder.run('call invoices.inspect_invoice invoice_id=INV-1 --json', { env })
    expect(read.document).toMatchObject({ data: { late_fee_cents: 0, version: 2 } })
  })

  it('resolves a file against the current folder, and writes it relative to the contract', async () => {
    await folder.run(`${SQLITE} --yes --output contracts/shop.json`)
    expect(folder.read('contracts/shop.json')).toContain('"path": "../shop.db"')
    expect(folder.has('contracts/.synapsor/mcp/cursor.json')).toBe(true)
    const { exit_code } = await folder.run(
      'call --config contracts/shop.json invoices.inspect_invoice invoice_id=INV-1',
      {
        env: CALLER,
      },
    )
    expect(exit_code).toBe(0)
  })

  it('takes what inspect printed in place of the database', async () => {
    const { out } = await folder.run('inspect --engine sqlite --path shop.db --json')
    writeFileSync(join(folder.path, 'shop.json'), out)
    const result = await folder.run(`${SQLITE.replace('--path', '--inspection-json shop.json --path')} --yes --json`)
    expect(documentOf('init', result)).toMatchObject({ checked: 'file', selection: { table: 'invoices' } })
    const placed = await folder.run('init --inspection-json shop.json --table invoices --yes --force --json')
    expect(documentOf('init', placed)).toMatchObject({ selection: { engine: 'sqlite', path: 'shop.db' } })
    const other = await folder.run('init --inspection-json shop.json --engine mysql --table invoices --yes --force')
    expect([other.exit_code, other.err]).toEqual([2, expect.stringContaining('What was looked at is sqlite')])
    writeFileSync(join(folder.path, 'shop.json'), '{"engine":"sqlite"}')
    const broken = await folder.run(`${SQLITE} --inspection-json shop.json --yes --force --json`)
    expect([broken.exit_code, errorCodeOf(broken)]).toEqual([1, 'CONFIG_INVALID'])
  })
})
