import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { documentOf } from '../../support/cli.js'
import { CALLER, createFolder, createShop, type Folder } from '../../support/onboarding.js'
import { scriptedAsker } from '../../support/scripted-asker.js'

let folder: Folder

beforeEach(async () => {
  folder = createFolder()
  await createShop(folder)
})

afterEach(() => folder.remove())

describe('the wizard', () => {
  it('has a default for every question, and by these it reads and proposes nothing', async () => {
    const asker = scriptedAsker([
      [/engine/, 'sqlite'],
      [/file/, 'shop.db'],
    ])
    const { exit_code } = await folder.run('init --wizard', { asker })
    expect(exit_code).toBe(0)
    const contract = JSON.parse(folder.read('synapsor.runner.json'))
    expect(contract.mode).toBe('read_only')
    expect(contract.capabilities).toHaveLength(1)
    expect(contract.capabilities[0]).toMatchObject({
      target: { table: 'invoices', primary_key: 'id', tenant_key: 'tenant_id' },
      visible_columns: ['id', 'customer', 'status', 'late_fee_cents', 'waiver_reason', 'version'],
    })
    expect(asker.asked.every(({ proposed }) => proposed !== undefined)).toBe(true)
  })

  it('says what is unsafe beside each table, and does not offer what cannot be used', async () => {
    const asker = scriptedAsker()
    await folder.run('init --wizard --path shop.db', { asker })
    const tables = asker.asked.find(({ message }) => message === 'Which table?')?.options ?? []
    expect(tables.map(({ value, disabled }) => [value, disabled])).toEqual([
      ['invoices', false],
      ['order_lines', true],
      ['settings', false],
    ])
    expect(tables.find(({ value }) => value === 'order_lines')?.hint).toMatch(/\S/)
  })

  it('turns off what looks like a secret, with the reason', async () => {
    const asker = scriptedAsker()
    await folder.run('init --wizard --path shop.db --table invoices', { asker })
    const visible = asker.asked.find(({ message }) => message.startsWith('Which columns may the model see'))
    expect(visible?.proposed).not.toContain('api_token')
    expect(visible?.options.find(({ value }) => value === 'api_token')?.hint).toMatch(/secret|token|credential/i)
  })

  it('suggests bounds and knows states from the checks of the table', async () => {
    const asker = scriptedAsker([
      [/may be proposed to change/, ['late_fee_cents', 'status']],
      [/changes of status/, 'open:paid,void;paid:void'],
      [/Who may decide/, 'dana, carol'],
    ])
    const { exit_code, err } = await folder.run('init --wizard --path shop.db --table invoices', { asker })
    expect([exit_code, exit_code === 0 ? '' : err]).toEqual([0, ''])
    expect(asker.asked.find(({ message }) => message.startsWith('Least and greatest'))?.proposed).toBe('0:10000')
    const contract = JSON.parse(folder.read('synapsor.runner.json'))
    expect(contract).toMatchObject({
      mode: 'review',
      operators: { carol: { roles: ['invoices_reviewer'] }, dana: { roles: ['invoices_reviewer'] } },
    })
    expect(contract.capabilities[1]).toMatchObject({
      numeric_bounds: { late_fee_cents: { minimum: 0, maximum: 10_000 } },
      transition_guards: { status: { allowed: { open: ['paid', 'void'], paid: ['void'] } } },
      conflict_guard: { column: 'version' },
    })
  })

  it('offers nobody as who writes only where nothing is approved', async () => {
    const asker = scriptedAsker([[/may be proposed to change/, ['waiver_reason']]])
    await folder.run('init --wizard --path shop.db --table invoices', { asker })
    const ways = asker.asked.find(({ message }) => message === 'Who writes what was approved?')?.options ?? []
    expect(ways.map(({ value }) => value)).toEqual(['direct_sql', 'http_handler', 'command_handler'])

    const again = scriptedAsker([[/may be proposed to change/, ['waiver_reason']]])
    await folder.run('init --wizard --path shop.db --table invoices --writeback none --force', { asker: again })
    expect(again.asked.map(({ message }) => message)).not.toContain('What becomes of proposals?')
    expect(JSON.parse(folder.read('synapsor.runner.json')).mode).toBe('shadow')
  })

  it('leaves the same contract as flags do, and answers that make it again', async () => {
    const asker = scriptedAsker([
      [/may be proposed to change/, ['waiver_reason']],
      [/argument for waiver_reason/, 'reason'],
      [/Who may decide/, 'dana'],
    ])
    await folder.run('init --wizard --path shop.db --table invoices --save-selection asked.json', { asker })
    const asked = folder.read('synapsor.runner.json')
    await folder.run('init --spec asked.json --force')
    expect(folder.read('synapsor.runner.json')).toBe(asked)
    await folder.run(
      'init --path shop.db --table invoices --patch waiver_reason=arg:reason --approver dana --yes --force',
    )
    expect(folder.read('synapsor.runner.json')).toBe(asked)
  })

  it('takes one tenant or a weak guard only where a person chooses it', async () => {
    const sql = `create table notes (id integer primary key, text text); create table tags (id text primary key, name text)`
    await createShop(folder, sql, 'plain.db')
    const asker = scriptedAsker([
      [/Which table/, 'notes'],
      [/holds the tenant/, ''],
      [/may be proposed to change/, ['text']],
    ])
    const { exit_code, out, err } = await folder.run('init --wizard --path plain.db', { asker })
    expect([exit_code, exit_code === 0 ? '' : out + err]).toEqual([0, ''])
    const contract = JSON.parse(folder.read('synapsor.runner.json'))
    expect(contract.capabilities[1]).toMatchObject({
      target: { single_tenant_dev: true },
      conflict_guard: { weak_guard_ack: true },
    })
    const tenant = asker.asked.find(({ message }) => message === 'Which column holds the tenant?')
    expect(tenant?.proposed).not.toBe('')
  })

  it('types names where the database cannot be asked', async () => {
    const asker = scriptedAsker([
      [/may be proposed to change/, 'status'],
      [/has changed/, 'updated_at'],
    ])
    const { exit_code } = await folder.run('init --engine postgres --from-env NOT_SET', { asker })
    expect(exit_code).toBe(0)
    expect(asker.notes.join(' ')).toContain('cannot be asked')
    expect((await folder.run('validate')).exit_code).toBe(0)
  })

  it('escapes what a database calls its tables and columns', async () => {
    await createShop(folder, `create table "evil\u001b[2J" (id text primary key, tenant_id text not null)`, 'evil.db')
    const { out, err } = await folder.run('init --path evil.db --yes')
    expect(out + err).not.toContain('\u001b')
  })
})

describe('start', () => {
  const line = 'start --path shop.db --table invoices'

  it('goes from the database to a first call and to what a client is given', async () => {
    const asker = scriptedAsker([[/real row/, 'INV-1']])
    const { exit_code, out } = await folder.run(line, { asker, env: CALLER })
    expect(exit_code).toBe(0)
    expect(out).toContain('Looked over')
    expect(out).toContain('Ann Archer')
    expect(out).toContain('"mcpServers"')
  })

  it('is also called onboard db, and takes what is suggested with --yes', async () => {
    for (const name of ['start', 'onboard db']) {
      const result = await folder.run(`${line.replace('start', name)} --yes --force --object-id INV-1 --json`, {
        env: CALLER,
      })
      expect(result.exit_code).toBe(0)
      expect(documentOf('start', result)).toMatchObject({
        first_call: { ok: true, data: { customer: 'Ann Archer' } },
        findings: expect.arrayContaining([expect.objectContaining({ name: 'source:invoices', severity: 'ok' })]),
      })
    }
  })

  it('asks which table where several could be meant and nobody sits there', async () => {
    const { exit_code, err } = await folder.run('start --path shop.db --yes')
    expect([exit_code, err]).toEqual([1, expect.stringContaining('Give --table: invoices, settings.')])
    expect(folder.files()).toEqual(['shop.db'])
  })

  it('refuses with the flags to give where nobody sits there', async () => {
    const { exit_code, err } = await folder.run('start --path shop.db')
    expect([exit_code, err]).toEqual([2, expect.stringContaining('Give --table, --primary-key')])
    expect(err).toContain('--yes')
  })

  it('needs a database', async () => {
    expect((await folder.run('start')).exit_code).toBe(2)
    const unset = await folder.run('start --from-env NOT_SET --yes')
    expect([unset.exit_code, unset.err]).toEqual([1, expect.stringContaining('ENV_MISSING')])
    const url = await folder.run('start --from-env postgres://a:hunter2@b/c')
    expect([url.exit_code, url.err.includes('hunter2')]).toEqual([2, false])
  })
})
