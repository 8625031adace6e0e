import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { LedgerTools } from '../../../src/index.js'
import { createDesk, type Desk, errorCodeOf } from '../../support/cli.js'
import { giveAway } from './folder.js'
import { start } from './processes.js'

let desk: Desk
let path = ''

beforeEach(async () => {
  desk = await createDesk()
  path = join(desk.folder, '.synapsor', 'local.db')
})

afterEach(() => desk.close())

const TOOLS: readonly [string, (tools: LedgerTools, folder: string) => Promise<unknown>][] = [
  ['verify', (tools) => tools.verify()],
  ['stats', (tools) => tools.stats()],
  ['migrate', (tools) => tools.migrate()],
  ['backup', (tools, folder) => tools.backup(join(folder, 'copy.db'))],
  ['vacuum', (tools) => tools.vacuum()],
  ['prune', (tools) => tools.prune({ older_than: new Date(0) })],
]

it.each(TOOLS)('%s makes no ledger where there is none, and says so', async (_, use) => {
  const refusal = { code: 'LEDGER_UNAVAILABLE', message: 'There is no ledger at this path yet.' }

  await expect(use(desk.runner.ledger, desk.folder)).rejects.toMatchObject(refusal)
  expect(existsSync(path)).toBe(false)

  writeFileSync(path, '')
  await expect(use(desk.runner.ledger, desk.folder)).rejects.toMatchObject(refusal)
  expect(statSync(path).size).toBe(0)
  expect(existsSync(join(desk.folder, 'copy.db'))).toBe(false)
})

it('is there for all of them after the first read', async () => {
  await desk.agent().inspect('billing.inspect_invoice', { invoice_id: 'INV-3001' })
  for (const [name, use] of TOOLS) await expect(use(desk.runner.ledger, desk.folder), name).resolves.not.toThrow()
})

it('tells of a place where none could be made', async () => {
  writeFileSync(join(desk.folder, 'file'), '')
  expect(errorCodeOf(await desk.run('ledger stats --store file/ledger.db --json'))).toBe('LEDGER_UNAVAILABLE')
  expect((await desk.run('doctor --store file/ledger.db')).exit_code).toBe(1)
})

it('tells whoever may not make one there', async () => {
  const place = join(desk.folder, 'place')
  mkdirSync(place, { mode: 0o500 })
  for (const folder of [desk.folder, place]) giveAway(folder)

  const worker = start('unprivileged-worker.ts', join(place, 'new', 'ledger.db'), 'ask')
  await worker.ended

  expect(JSON.parse(worker.output())).toMatchObject({
    code: 'LEDGER_UNAVAILABLE',
    message: 'The ledger cannot be used.',
  })
})

it('is not made by doctor, which says that it is not there yet', async () => {
  expect(await desk.runner.doctor()).toContainEqual({
    name: 'ledger',
    severity: 'ok',
    message: 'The ledger is not made yet: the first read or proposal makes it.',
  })
  expect(existsSync(path)).toBe(false)
  expect(await desk.runner.ready()).toContainEqual({ name: 'ledger', ok: true })
})
