import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { documentOf } from '../../support/cli.js'
import { createFolder, type Folder } from '../../support/onboarding.js'

let folder: Folder

beforeEach(() => {
  folder = createFolder()
})

afterEach(() => folder.remove())

const NAMES = [
  'accounts.trial_extension',
  'billing.late_fee_waiver',
  'credits.account_credit',
  'orders.refund_review',
  'support.ticket_resolution',
]

it('lists the recipes of the package, with what they propose and who decides', async () => {
  const { out } = await folder.run('recipes list', { columns: 120 })
  for (const name of NAMES) expect(out).toContain(name)
  const { items } = documentOf('recipes list', await folder.run('recipes list --json')) as { items: { name: string }[] }
  expect(items.map(({ name }) => name)).toEqual(NAMES)
})

it('shows the table, the columns, the limits and the role of one', async () => {
  expect(documentOf('recipes show', await folder.run('recipes show orders.refund_review --json'))).toMatchObject({
    engine: 'mysql',
    table: 'shop.orders',
    allowed_columns: ['status', 'refund_cents', 'refund_reason'],
    limits: [
      'refund_cents 0..100000',
      'status paid -> refund_requested, needs_review',
      'status shipped -> refund_requested, needs_review',
    ],
    role: 'ops_lead',
    sql: expect.stringContaining('create table'),
  })
  expect((await folder.run('recipes show orders.refund_review')).out).toContain('create table')
})

it.each(NAMES)('writes %s as a valid contract with its table, and overwrites nothing unasked', async (name) => {
  const line = `recipes init ${name} --output mine/contract.json`
  const { files } = documentOf('recipes init', await folder.run(`${line} --json`)) as { files: string[] }
  expect(files).toEqual([join(folder.path, 'mine/contract.json'), join(folder.path, 'mine/contract.sql')])
  expect((await folder.run('validate --config mine/contract.json')).exit_code).toBe(0)
  expect(JSON.parse(folder.read('mine/contract.json')).$schema).toMatch(/^\.\/node_modules\//)

  writeFileSync(join(folder.path, 'mine/contract.json'), 'mine')
  const again = await folder.run(line)
  expect([again.exit_code, again.err]).toEqual([1, expect.stringContaining('mine/contract.json')])
  expect(folder.read('mine/contract.json')).toBe('mine')
  expect((await folder.run(`${line} --force`)).exit_code).toBe(0)
})

it('names its variables after a prefix', async () => {
  await folder.run('recipes init billing.late_fee_waiver --env-prefix SHOP')
  expect(JSON.parse(folder.read('synapsor.runner.json')).sources.billing).toMatchObject({
    read_url_env: 'SHOP_READ_URL',
    write_url_env: 'SHOP_WRITE_URL',
  })
  expect((await folder.run('recipes init billing.late_fee_waiver --env-prefix shop --force')).exit_code).toBe(2)
})

it('takes a file, and refuses one that is no contract', async () => {
  await folder.run('recipes init credits.account_credit --output mine.json')
  expect((await folder.run('recipes show ./mine.json')).exit_code).toBe(0)
  writeFileSync(join(folder.path, 'broken.json'), '{"version":1,"mode":"review","capabilities":[{}]}')
  expect((await folder.run('recipes init ./broken.json')).exit_code).toBe(1)
  expect(folder.has('synapsor.runner.json')).toBe(false)
})

it('suggests the nearest name', async () => {
  const { exit_code, err } = await folder.run('recipes show billing.late_fee_waver')
  expect([exit_code, err]).toEqual([2, expect.stringContaining('Did you mean billing.late_fee_waiver?')])
})
