import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createDesk, type Desk, documentOf, errorCodeOf } from '../../support/cli.js'
import { DESK_CONTRACT } from '../../support/cli-contract.js'

let desk: Desk

const [read, proposal] = DESK_CONTRACT.capabilities

beforeAll(async () => {
  desk = await createDesk()
  const risky = {
    ...proposal,
    visible_columns: [...proposal.visible_columns, 'card_number'],
    args: { ...proposal.args, fee: { type: 'integer' }, reason: { type: 'string' } },
    patch: { late_fee_cents: { from_arg: 'fee' }, waiver_reason: { from_arg: 'reason' } },
    examples: [{ invoice_id: 'INV-3001', fee: 1, reason: 'None.' }],
  }
  writeFileSync(
    join(desk.folder, 'risky.json'),
    JSON.stringify({ ...DESK_CONTRACT, capabilities: [read, risky], workflows: [] }, null, 2),
  )
  writeFileSync(join(desk.folder, 'broken.json'), JSON.stringify({ ...DESK_CONTRACT, mode: 'all' }))
})

afterAll(() => desk.close())

it.each([80, 120])('lists what is risky, the worst first, in %i columns', async (columns) => {
  const result = await desk.run('contract lint risky.json', { columns })
  expect(result).toMatchObject({ exit_code: 1, err: '' })
  for (const line of result.out.split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
  await expect(result.out).toMatchFileSnapshot(`snapshots/contract-lint-${columns}.txt`)
})

it('gives each finding its code, its place and what to do', async () => {
  const document = documentOf('contract lint', await desk.run('contract lint --config risky.json --json'))
  expect(document).toMatchObject({
    ok: false,
    findings: expect.arrayContaining([
      expect.objectContaining({
        code: 'NUMBER_WRITTEN_UNBOUNDED',
        severity: 'error',
        path: '/capabilities/1/patch/late_fee_cents',
        line: expect.any(Number),
        next: expect.stringContaining('numeric_bounds'),
      }),
    ]),
  })
})

it('tells a warning of validate once', async () => {
  const { out } = await desk.run('contract lint')
  expect(out.match(/STATIC_CONTEXT/g)).toHaveLength(1)
})

it('ends with 0 for warnings, and with 1 where it is strict', async () => {
  expect((await desk.run('contract lint')).exit_code).toBe(0)
  expect((await desk.run('contract lint --strict')).exit_code).toBe(1)
})

it('refuses what is not valid as every command does', async () => {
  const result = await desk.run('contract lint broken.json --json')
  expect(result.exit_code).toBe(1)
  expect(errorCodeOf(result)).toBe('CONFIG_INVALID')
  expect((await desk.run('contract lint broken.json --config risky.json')).exit_code).toBe(2)
})
