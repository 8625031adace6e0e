import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createDesk, type Desk, documentOf, errorCodeOf } from '../../support/cli.js'
import { DESK_CONTRACT } from '../../support/cli-contract.js'

let desk: Desk

/** The contract of the desk with another proposal, and with more changes at its top. */
function write(name: string, proposal: Readonly<Record<string, unknown>>, top: Readonly<Record<string, unknown>> = {}) {
  const [read, write_] = DESK_CONTRACT.capabilities
  const contract = { ...DESK_CONTRACT, ...top, capabilities: [read, { ...write_, ...proposal }] }
  writeFileSync(join(desk.folder, name), JSON.stringify(contract))
}

beforeAll(async () => {
  desk = await createDesk()
  write('grew.json', {
    visible_columns: ['id', 'customer', 'late_fee_cents', 'waiver_reason', 'card_number'],
    approval: { mode: 'human' },
    expires_in_seconds: 3600,
    conflict_guard: { column: 'version', advance: 'integer' },
  })
  write('shrank.json', { expires_in_seconds: 3600 }, { operators: { carol: { roles: ['billing_lead'] } } })
  write('changed.json', { conflict_guard: { column: 'version', advance: 'integer' } })
  write('texts.json', { description: 'Asks to waive a late fee.', examples: [] })
})

afterAll(() => desk.close())

it.each([80, 120])('tells what grew first in %i columns', async (columns) => {
  const result = await desk.run('contract diff synapsor.runner.json grew.json', { columns })
  expect(result).toMatchObject({ exit_code: 3, err: '' })
  for (const line of result.out.split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
  await expect(result.out).toMatchFileSnapshot(`snapshots/contract-diff-${columns}.txt`)
})

it('compares with the contract that is used, where no other is given', async () => {
  const document = documentOf('contract diff', await desk.run('contract diff grew.json --json'))
  expect(document).toMatchObject({ grew: true })
  expect(JSON.stringify(document)).toContain('The life of a proposal in seconds goes from 3600 to 604800.')
})

it.each([
  ['shrank.json', '', 0, { grew: false }],
  ['shrank.json', ' --strict', 0, { grew: false }],
  ['changed.json', '', 0, { grew: false }],
  ['changed.json', ' --strict', 3, { grew: false }],
  ['texts.json', ' --strict', 0, { grew: false, changes: [] }],
  ['grew.json', '', 3, { grew: true }],
])('ends for %s%s with %i', async (name, option, exit_code, expected) => {
  const result = await desk.run(`contract diff synapsor.runner.json ${name} --json${option}`)
  expect(documentOf('contract diff', result)).toMatchObject(expected)
  expect(result.exit_code).toBe(exit_code)
})

it('says that two files allow the same', async () => {
  const { out } = await desk.run('contract diff synapsor.runner.json texts.json')
  expect(out).toBe('synapsor.runner.json and texts.json allow the same.\n')
})

it('refuses what is no contract with 1, and a missing argument with 2', async () => {
  writeFileSync(join(desk.folder, 'broken.json'), readFileSync(join(desk.folder, 'grew.json'), 'utf8').slice(1))
  const broken = await desk.run('contract diff broken.json --json')
  expect(broken.exit_code).toBe(1)
  expect(errorCodeOf(broken)).toBe('CONFIG_INVALID')
  expect((await desk.run('contract diff')).exit_code).toBe(2)
})
