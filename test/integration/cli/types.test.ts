import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createDesk, type Desk, documentOf } from '../../support/cli.js'
import { DESK_CONTRACT } from '../../support/cli-contract.js'
import { projectRoot } from '../../support/command.js'

const LIST = {
  name: 'billing.list_invoices',
  kind: 'read',
  source: 'shop',
  target: DESK_CONTRACT.capabilities[0].target,
  args: { status: { type: 'string', enum: ['open', `it's "so" */ \u202e`], required: false } },
  visible_columns: ['id', 'customer'],
  max_rows: 2,
}

const ADAPTERS = { 'mcp.support': { type: 'mcp', expose: [{ capability: 'billing.inspect_invoice', as: 'look_up' }] } }

let desk: Desk

beforeEach(async () => {
  desk = await createDesk({ capabilities: [...DESK_CONTRACT.capabilities, LIST], adapters: ADAPTERS })
})

afterEach(() => desk.close())

const PROGRAM = `
import { createRunner, loadConfig } from '@synapsor/runner'
import type { Contract } from './synapsor.js'

const runner = createRunner(loadConfig('synapsor.runner.json') as Contract)
const session = runner.session()
const one = await session.inspect('billing.inspect_invoice', { invoice_id: 'INV-3001' })
one.data.late_fee_cents
const many = await session.inspect('billing.list_invoices', { status: 'open' })
many.data[0]?.customer
await session.inspect('billing.list_invoices', {})
await session.propose('billing.propose_late_fee_waiver', { invoice_id: 'INV-3001', reason: 'Goodwill.' })
await session.workflow('billing.waive_late_fee').start({ invoice_id: 'INV-3001', reason: 'Goodwill.' })
session.tools({ adapter: 'mcp.support' })

one.data.card_number // wrong: no such column
await session.inspect('billing.inspect_invoce', { invoice_id: 'INV-3001' }) // wrong: name
await session.inspect('billing.propose_late_fee_waiver', { invoice_id: 'a', reason: 'b' }) // wrong: kind
await session.inspect('billing.inspect_invoice', { invoce_id: 'INV-3001' }) // wrong: argument
await session.inspect('billing.inspect_invoice', {}) // wrong: argument missing
await session.inspect('billing.inspect_invoice', { invoice_id: 3001 }) // wrong: type
await session.inspect('billing.list_invoices', { status: 'closed' }) // wrong: not of the enumeration
await session.workflow('billing.waive_fee').start({}) // wrong: workflow
await session.workflow('billing.waive_late_fee').start({ invoice_id: 'a' }) // wrong: input missing
`

/** The lines of the program that do not compile, as they stand in it. */
function refusedLines(folder: string): readonly string[] {
  const file = join(folder, 'program.ts')
  writeFileSync(file, PROGRAM)
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'))
  const program = ts.createProgram([file], {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
    types: ['node'],
    paths: { '@synapsor/runner': [join(projectRoot, 'src/index.ts')] },
  })
  const declared = [join(folder, 'synapsor.d.ts'), file].map((name) => program.getSourceFile(name))
  const found = declared.flatMap((source) => [
    ...program.getSyntacticDiagnostics(source),
    ...program.getSemanticDiagnostics(source),
  ])
  const lines = found.map(({ file: at, start = 0 }) => {
    const line = at?.getLineAndCharacterOfPosition(start).line ?? 0
    return `${at?.text.split('\n')[line]}`
  })
  return [...new Set(lines)]
}

it('lets the compiler refuse what the contract has not, and nothing else', async () => {
  await desk.run('types --output synapsor.d.ts')
  const wrong = PROGRAM.split('\n').filter((line) => line.includes('// wrong'))
  expect(refusedLines(desk.folder)).toEqual(wrong)
})

it('prints its document, and the same text to stdout', async () => {
  const ran = await desk.run('types --output synapsor.d.ts --json')
  const types = readFileSync(join(desk.folder, 'synapsor.d.ts'), 'utf8')
  expect(documentOf('types', ran)).toEqual({ file: join(desk.folder, 'synapsor.d.ts'), types })
  expect(documentOf('types', await desk.run('types --json'))).toEqual({ file: null, types })
  expect((await desk.run('types')).out).toBe(types)
})

it('tells no tenant, no description and nothing that a terminal obeys', async () => {
  const { out } = await desk.run('types')
  expect(out).not.toMatch(/acme|Reads one invoice|\u202e/)
})
