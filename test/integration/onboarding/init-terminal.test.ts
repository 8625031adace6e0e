import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { projectRoot } from '../../support/command.js'
import { CALLER, createFolder, createShop, type Folder } from '../../support/onboarding.js'
import { KEYS, openTerminal, type Terminal } from '../../support/terminal.js'

let folder: Folder
let terminal: Terminal | undefined

beforeEach(async () => {
  folder = createFolder()
  await createShop(folder)
})

afterEach(() => {
  terminal?.close()
  folder.remove()
})

function open(...words: readonly string[]): Terminal {
  const { PATH = '', HOME = '' } = process.env
  const program = [
    '--import',
    join(projectRoot, 'node_modules/tsx/dist/loader.mjs'),
    join(projectRoot, 'src/cli/main.ts'),
  ]
  const command = [process.execPath, ...program, ...words]
  terminal = openTerminal({ command, cwd: folder.path, env: { PATH, HOME, ...CALLER } })
  return terminal
}

it('asks at a terminal, from the engine to a first call', async () => {
  const at = open('init')
  const answer = async (question: string, keys: string = KEYS.enter) => {
    await at.see(question)
    at.type(keys)
  }
  await answer('Which engine?', `${KEYS.down}${KEYS.down}${KEYS.enter}`)
  await answer('Which file', `shop.db${KEYS.enter}`)
  await answer('Which table?')
  await answer('Which column names one row?')
  await answer('Which column holds the tenant?')
  await answer('Which columns may the model see?')
  await answer('Which columns may be proposed', `${KEYS.down}${KEYS.down}${KEYS.down}${KEYS.space}${KEYS.enter}`)
  await answer('What is waiver_reason set to?')
  await answer('How is the argument for waiver_reason called?', `reason${KEYS.enter}`)
  await answer('Which column shows that a row has changed?')
  await answer('Namespace of the tools?', `billing${KEYS.enter}`)
  await answer('One row, in a word?')
  await answer('What becomes of proposals?')
  await answer('Which role must who approves hold?', `billing_lead${KEYS.enter}`)
  await answer('Who may decide', `dana${KEYS.enter}`)
  await answer('Who writes what was approved?')
  await answer('Key of a real row', `INV-1${KEYS.enter}`)

  expect(await at.ended).toBe(0)
  expect(at.shown()).toContain('Ann Archer')
  const contract = JSON.parse(folder.read('synapsor.runner.json'))
  expect(contract).toMatchObject({ operators: { dana: { roles: ['billing_lead'] } } })
  expect(contract.capabilities[1]).toMatchObject({
    name: 'billing.propose_invoice_update',
    patch: { waiver_reason: { from_arg: 'reason' } },
    conflict_guard: { column: 'version' },
  })
})

it.each([
  ['Ctrl-C', KEYS.interrupt],
  ['Esc', KEYS.escape],
])('writes nothing and exits 1 where somebody presses %s in the middle of it', async (_, key) => {
  const at = open('start', '--path', 'shop.db', '--table', 'invoices')
  await at.see('Which column names one row?')
  at.type(KEYS.enter)
  await at.see('Which column holds the tenant?')
  at.type(key)
  expect(await at.ended).toBe(1)
  expect(at.shown()).toContain('Nothing was written.')
  expect(folder.files()).toEqual(['shop.db'])
})
