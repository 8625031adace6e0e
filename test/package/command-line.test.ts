import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createDesk, type Desk } from '../support/cli.js'
import { runCliProcess } from '../support/cli-process.js'
import { projectRoot } from '../support/command.js'

const LIBRARY = JSON.stringify(pathToFileURL(join(projectRoot, 'dist/index.js')).href)

let desk: Desk

beforeEach(async () => {
  desk = await createDesk()
  const contract = JSON.stringify(join(desk.folder, 'synapsor.runner.json'))
  writeFileSync(
    join(desk.folder, 'runner.mjs'),
    `import { createRunner, loadConfig } from ${LIBRARY}\nexport default createRunner(loadConfig(${contract}))\n`,
  )
})

afterEach(() => desk.close())

/** Runs a command of the built command line on a runner that the built library made. */
async function onRunner(...words: readonly string[]) {
  const { exit_code, out, err } = await runCliProcess(
    { cwd: desk.folder },
    ...words,
    '--runner',
    'runner.mjs',
    '--json',
  )
  return { exit_code, err, document: JSON.parse(out) }
}

/** The two hold copies of the core: nothing may depend on which of them made an object. */
it('moves a proposal to its end by a runner of the library', async () => {
  const input = JSON.stringify({ invoice_id: 'INV-3001', reason: 'A good reason.' })
  const proposed = await onRunner('propose', 'billing.propose_late_fee_waiver', '--input', input)
  expect(proposed).toMatchObject({ exit_code: 0 })
  const { id } = proposed.document.proposal
  expect(await onRunner('proposals', 'list')).toMatchObject({
    exit_code: 0,
    document: { items: [{ proposal_id: id }] },
  })
  expect(await onRunner('tools', 'list')).toMatchObject({ exit_code: 0 })
  expect(await onRunner('proposals', 'approve', id, '--as', 'carol', '--yes')).toMatchObject({ exit_code: 0 })
  expect(await onRunner('apply', id)).toMatchObject({ exit_code: 0, document: { status: 'applied' } })
  expect(await onRunner('replay', id)).toMatchObject({ exit_code: 0, document: { evidence_verified: true } })
})

it('tells what a runner of the library refuses by its code', async () => {
  const refused = await onRunner('proposals', 'show', 'wrp_none')
  expect(refused).toMatchObject({ exit_code: 1, document: { error: { code: 'PROPOSAL_NOT_FOUND' } } })
})

it('tells where a contract that the library cannot load is wrong', async () => {
  writeFileSync(join(desk.folder, 'synapsor.runner.json'), '{\n  "version": 1,\n  "version": 1\n}')
  const refused = await onRunner('proposals', 'list')
  expect(refused).toMatchObject({ exit_code: 1, document: { error: { code: 'CONFIG_INVALID' } } })
})
