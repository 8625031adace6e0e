import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { renderPage } from '../../../src/cli/text/page.js'
import { createPaint } from '../../../src/cli/text/paint.js'
import { createDesk, type Desk, documentOf, errorCodeOf, stable } from '../../support/cli.js'
import { losePowerWhileApplying } from '../../support/lose-power.js'

let desk: Desk

beforeEach(async () => {
  desk = await createDesk()
})

afterEach(() => desk.close())

const REASON = 'The invoice was sent to an old address.'

function propose(invoice_id = 'INV-3001', reason = REASON) {
  return desk.agent().propose('billing.propose_late_fee_waiver', { invoice_id, reason })
}

it.each([80, 120])('lists proposals and shows one in %i columns', async (columns) => {
  await propose('INV-3001')
  desk.clock.advance(3 * 60_000)
  const second = await propose(
    'INV-3002',
    'Long-standing customer, and the reason is so long that no narrow table can hold it.',
  )
  await desk.runner.approve(second.id, { hash: second.hash, approver: { id: 'carol' }, reason: 'Agreed.' })
  desk.clock.advance(2 * 3_600_000)

  const list = await desk.run('proposals list', { columns })
  const card = await desk.run(['proposals', 'show', second.id], { columns })

  for (const line of list.out.split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
  await expect(stable(list.out + card.out, desk)).toMatchFileSnapshot(`snapshots/proposals-${columns}.txt`)
})

it('prints each document as its schema says', async () => {
  const { id } = await propose()
  documentOf('proposals list', await desk.run('proposals list --json'))
  documentOf('proposals show', await desk.run(['proposals', 'show', id, '--json']))
  documentOf('proposals request-info', await desk.run(`proposals request-info ${id} --as carol --question Why? --json`))
  documentOf('proposals reject', await desk.run(`proposals reject ${id} --as carol --yes --json`))
  const other = await propose('INV-3002')
  documentOf('proposals approve', await desk.run(`proposals approve ${other.id} --as carol --yes --json`))
  documentOf('proposals job', await desk.run(`proposals job ${other.id} --json`))
  documentOf('apply', await desk.run('apply --all-approved --json'))
  documentOf('apply', await desk.run(`apply ${other.id} --json`))
  documentOf('reconcile', await desk.run(`reconcile ${other.id} --json`))
  documentOf('replay show', await desk.run(`replay ${other.id} --json`))
  documentOf('replay export', await desk.run('replay export latest --output story.md --json'))
  const third = await propose('INV-3003')
  await desk.run(`proposals approve ${third.id} --as carol --yes`)
  documentOf('proposals revoke', await desk.run(`proposals revoke ${third.id} --as carol --yes --json`))
})

it('marks what expires within the hour', async () => {
  const { expires_at } = await propose()
  expect((await desk.run('proposals list')).out).not.toContain('!')
  desk.clock.advance(Date.parse(expires_at) - desk.clock.now().getTime() - 30 * 60_000)
  expect((await desk.run('proposals list')).out).toMatch(/^! +wrp_/m)
})

it('lists for a person only what that person may decide on', async () => {
  await propose()
  const mine = async (person: string) => (await desk.run(`proposals list --mine --as ${person} --json`)).document
  expect(await mine('carol')).toMatchObject({ items: [{ status: 'pending_review' }] })
  expect(await mine('sam')).toMatchObject({ items: [] })
  expect(await mine('eve')).toMatchObject({ items: [] })
})

it('shows the card and asks before it approves', async () => {
  await propose()
  const no = await desk.run('proposals approve latest --as carol', { answers: [false] })
  expect(no.exit_code).toBe(1)
  expect(no.err).toContain('Approving binds this exact hash')
  expect(no.err).toContain('Approve this as carol?')
  expect((await desk.runner.proposals.list()).items[0]?.status).toBe('pending_review')

  const yes = await desk.run('proposals approve latest --as carol', { answers: [true] })
  expect(yes.exit_code).toBe(0)
  expect((await desk.runner.proposals.list()).items[0]?.status).toBe('approved')
})

it('approves what was looked at and nothing else', async () => {
  const { id } = await propose()
  const other = `sha256:${'0'.repeat(64)}`
  expect(errorCodeOf(await desk.run(`proposals approve ${id} --as carol --hash ${other} --yes --json`))).toBe(
    'HASH_MISMATCH',
  )
})

it('approves nothing where nobody can be asked and --yes was not said', async () => {
  const { id } = await propose()
  const result = await desk.run(`proposals approve ${id} --as carol`)
  expect(result.exit_code).toBe(2)
  expect(result.err).toContain('--yes')
})

it('wants to know who decides, and believes only the contract about it', async () => {
  const { id } = await propose()
  expect((await desk.run(`proposals approve ${id} --yes`)).exit_code).toBe(2)
  const decide = async (person: string) =>
    errorCodeOf(await desk.run(`proposals approve ${id} --as ${person} --yes --json`))
  expect(await decide('mallory')).toBe('APPROVER_UNKNOWN')
  expect(await decide('eve')).toBe('ROLE_REQUIRED')
  expect(await decide('sam')).toBe('SELF_APPROVAL')
  const fromEnv = await desk.run(`proposals approve ${id} --yes`, { env: { SYNAPSOR_OPERATOR: 'carol' } })
  expect(fromEnv.exit_code).toBe(0)
})

it('says which lines give a role where the contract gives none to anybody', async () => {
  const lonely = await createDesk({ operators: undefined })
  try {
    const { id } = await lonely
      .agent()
      .propose('billing.propose_late_fee_waiver', { invoice_id: 'INV-3001', reason: REASON })
    const result = await lonely.run(`proposals approve ${id} --as carol --yes`)
    expect(result.exit_code).toBe(1)
    expect(result.err).toContain('"operators": {"carol":{"roles":["billing_lead"]}}')
  } finally {
    await lonely.close()
  }
})

it('applies once, and says so the second time', async () => {
  const { id, hash } = await propose()
  await desk.runner.approve(id, { hash, approver: { id: 'carol' } })
  const dry = await desk.run('apply latest --dry-run')
  expect(dry).toMatchObject({ exit_code: 0, err: `latest is ${id}\n` })
  expect(dry.out).toContain('Nothing was written.')
  const first = await desk.run(`apply --proposal ${id} --json`)
  expect(first).toMatchObject({ exit_code: 0, document: { status: 'applied', rows_affected: 1 } })
  const second = await desk.run(`apply ${id} --json`)
  expect(second).toMatchObject({ exit_code: 0, document: { status: 'already_applied' } })
})

it('ends with 1 in a conflict and leaves the row alone', async () => {
  const { id, hash } = await propose()
  await desk.runner.approve(id, { hash, approver: { id: 'carol' } })
  await desk.sql("update invoices set late_fee_cents = 7000, version = 2 where id = 'INV-3001'")
  const shown = await desk.run(['proposals', 'show', id])
  expect(shown.out).toContain('Source now  changed since')
  expect(await desk.run(`apply ${id} --json`)).toMatchObject({ exit_code: 1, document: { status: 'conflict' } })
})

it('applies all that is approved, the oldest first, and tells of each', async () => {
  const [first, second] = [await propose('INV-3001'), await propose('INV-3002')]
  await propose('INV-3003')
  for (const { id, hash } of [first, second]) await desk.runner.approve(id, { hash, approver: { id: 'carol' } })
  await desk.sql("update invoices set late_fee_cents = 7000, version = 2 where id = 'INV-3001'")
  const result = await desk.run('apply --all-approved --json')
  expect(result).toMatchObject({
    exit_code: 1,
    document: {
      items: [
        { proposal_id: first.id, receipt: { status: 'conflict' } },
        { proposal_id: second.id, receipt: { status: 'applied' } },
      ],
    },
  })
  expect((await desk.run('apply --all-approved')).out).toBe('Nothing is approved and waiting to be applied.\n')
})

it('applies a job as it was exported and refuses one that was edited', async () => {
  const { id, hash } = await propose()
  await desk.runner.approve(id, { hash, approver: { id: 'carol' } })
  await desk.run(`proposals writeback-job ${id} --output job.json`)
  const file = join(desk.folder, 'job.json')
  const job = JSON.parse(readFileSync(file, 'utf8'))
  const edits = [
    { ...job, patch: { ...job.patch, late_fee_cents: 1 } },
    { ...job, patch: { ...job.patch, card_number: '1' }, allowed_columns: [...job.allowed_columns, 'card_number'] },
    { ...job, target: { ...job.target, primary_key: { ...job.target.primary_key, value: 'INV-3002' } } },
    { ...job, idempotency_key: `${job.idempotency_key}x` },
  ]
  for (const edit of edits) {
    writeFileSync(join(desk.folder, 'edited.json'), JSON.stringify(edit))
    const refused = await desk.run('apply --job edited.json --json')
    expect(refused.exit_code).toBe(1)
    expect(['INTEGRITY', 'INVALID_ARGUMENT']).toContain(errorCodeOf(refused))
  }
  expect(await desk.run('apply --job job.json --json')).toMatchObject({ exit_code: 0, document: { status: 'applied' } })
})

it('shows nothing that a terminal obeys', async () => {
  await desk.sql("update invoices set waiver_reason = 'paid' || char(27) || '[2J' || char(8238) || 'redro' || char(7)")
  const { id } = await propose()
  const { out } = await desk.run(['proposals', 'show', id])
  const list = await desk.run('proposals list', { columns: 200 })
  const replay = await desk.run(['replay', id])
  for (const text of [out, list.out, replay.out]) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/)
  }
  expect(out).toContain('\\u{202e}')
})

it('settles what was cut off before it applies what is approved', async () => {
  const [cut, next] = [await propose('INV-3001'), await propose('INV-3002')]
  for (const { id, hash } of [cut, next]) await desk.runner.approve(id, { hash, approver: { id: 'carol' } })
  await losePowerWhileApplying(desk, cut.id)
  const result = await desk.run('apply --all-approved --json')
  expect(documentOf('apply', result)).toMatchObject({
    items: [{ proposal_id: cut.id }, { proposal_id: next.id, receipt: { status: 'applied' } }],
    not_begun: 0,
  })
  expect((await desk.runner.proposals.list({ status: 'applying' })).items).toEqual([])
})

it('stops behind the one that is worked on when it is told to, and says what is left', async () => {
  for (const invoice of ['INV-3001', 'INV-3002', 'INV-3003']) {
    const { id, hash } = await propose(invoice)
    await desk.runner.approve(id, { hash, approver: { id: 'carol' } })
  }
  const result = await desk.run('apply --all-approved', { stop: Promise.resolve() })
  expect(result.exit_code).toBe(1)
  expect(result.out).toMatch(/Stopped before the other \d: run it again/)
})

it('says that there may be more where it looked at many and found none', async () => {
  const view = { columns: 80, paint: createPaint(false), now: new Date(0) }
  expect(renderPage({ items: [], next_cursor: 'abc' }, [], { none: 'Nothing.', view })).toBe(
    'None among those that were looked at. There is more: --cursor abc',
  )
})

it('tells on stderr that it made a ledger', async () => {
  const { err } = await desk.run('proposals list --store other.db')
  expect(err).toContain('Created the ledger')
})

it('writes files for their owner alone, whole or not at all, whatever stood there', async () => {
  const { id, hash } = await propose()
  await desk.runner.approve(id, { hash, approver: { id: 'carol' } })
  const file = join(desk.folder, 'job.json')
  writeFileSync(file, 'old', { mode: 0o666 })
  await desk.run(`proposals job ${id} --output job.json`)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readdirSync(desk.folder).filter((name) => name.includes('partial'))).toEqual([])
  expect((await desk.run(`proposals job ${id} --output nowhere/job.json`)).exit_code).toBe(1)
})

it('takes no job in which a name stands twice', async () => {
  const { id, hash } = await propose()
  await desk.runner.approve(id, { hash, approver: { id: 'carol' } })
  const { out } = await desk.run(`proposals job ${id} --json`)
  writeFileSync(join(desk.folder, 'twice.json'), out.replace('{', '{ "proposal_id": "wrp_evil",'))
  expect(errorCodeOf(await desk.run('apply --job twice.json --json'))).toBe('INVALID_ARGUMENT')
})
