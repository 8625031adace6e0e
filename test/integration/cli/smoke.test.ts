import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createDesk, type Desk, documentOf, errorCodeOf, stable } from '../../support/cli.js'

let desk: Desk

beforeEach(async () => {
  desk = await createDesk()
})

afterEach(() => desk.close())

const source = () => readFileSync(join(desk.folder, 'shop.db')).toString('base64')

it('reads, proposes, finds the source unchanged and leaves nothing to decide', async () => {
  const before = source()

  const document = documentOf('smoke run', await desk.run('smoke --json'))

  expect(document).toMatchObject({ ok: true, source_unchanged: true, is_kept: false })
  const proposals = await desk.runner.proposals.list()
  expect(proposals.items.map(({ status }) => status)).toEqual(['canceled'])
  expect(source()).toBe(before)
})

it.each([80, 120])('tells it step by step in %i columns', async (columns) => {
  const { out, exit_code } = await desk.run('smoke', { columns })
  expect(exit_code).toBe(0)
  await expect(stable(out, desk)).toMatchFileSnapshot(`snapshots/smoke-${columns}.txt`)
})

it('keeps the proposal where it is told to', async () => {
  const { out } = await desk.run('smoke --keep')
  const { items } = await desk.runner.proposals.list()
  expect(items.map(({ status }) => status)).toEqual(['pending_review'])
  expect(out).toContain(`Proposal ${items[0]?.proposal_id} stays as it is.`)
})

it('leaves a proposal in shadow mode, which nobody decides', async () => {
  const shadow = await createDesk({ mode: 'shadow' })
  try {
    const document = documentOf('smoke run', await shadow.run('smoke --json'))
    expect(document).toMatchObject({ ok: true, source_unchanged: true, is_kept: true })
  } finally {
    await shadow.close()
  }
})

it('does not withdraw a proposal that was there before', async () => {
  const sample = { invoice_id: 'INV-3001', reason: 'The invoice was sent to an old address.' }
  const { id } = await desk.agent().propose('billing.propose_late_fee_waiver', sample)

  const document = documentOf('smoke run', await desk.run('smoke --json'))

  expect(document).toMatchObject({ ok: true, proposal_id: id, is_kept: true })
  expect((await desk.runner.proposals.get(id)).status).toBe('pending_review')
})

it('takes the row from the file beside the contract, and from --input before that', async () => {
  mkdirSync(join(desk.folder, '.synapsor'), { recursive: true })
  writeFileSync(join(desk.folder, '.synapsor', 'smoke-input.json'), JSON.stringify({ invoice_id: 'INV-3002' }))
  await desk.run('smoke --keep')
  await desk.run(['smoke', '--keep', '--input', '{"invoice_id":"INV-3003"}'])
  const { items } = await desk.runner.proposals.list()
  const targets = await Promise.all(
    items.map(async ({ proposal_id }) => (await desk.runner.proposals.get(proposal_id)).target.id),
  )
  expect(targets.sort()).toEqual(['INV-3002', 'INV-3003'])
})

it('ends with 1 when a call is refused, and says why', async () => {
  const result = await desk.run(['smoke', '--input', '{"invoice_id":"INV-NONE"}', '--json'])
  expect(result.exit_code).toBe(1)
  expect(documentOf('smoke run', result)).toMatchObject({
    ok: false,
    proposal_id: null,
    steps: [{ step: 'read', ok: false, code: 'NOT_FOUND' }, { step: 'propose', ok: false, code: 'NOT_FOUND' }, {}],
  })
})

it('still makes one call by its older spelling', async () => {
  expect((await desk.run('smoke call --sample --json')).document).toMatchObject({ kind: 'read', ok: true })
})

it('refuses a name that nothing has', async () => {
  const result = await desk.run('smoke --read billing.nothing --json')
  expect(result.exit_code).toBe(2)
  expect(errorCodeOf(result)).toBe('INVALID_ARGUMENT')
})
