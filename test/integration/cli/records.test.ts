import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createDesk, type Desk, documentOf, errorCodeOf, stable } from '../../support/cli.js'
import { DESK_CONTRACT } from '../../support/cli-contract.js'
import { editLedger } from '../../support/edit-ledger.js'

const target = { table: 'invoices', primary_key: 'id', tenant_key: 'tenant_id' }

/** Reads several rows, of which one may be left out. */
const LIST = {
  name: 'billing.list_invoices',
  kind: 'read',
  description: 'Lists invoices.',
  source: 'shop',
  target,
  args: {},
  visible_columns: ['id', 'customer', 'late_fee_cents', 'waiver_reason'],
  max_rows: 2,
}

let desk: Desk

beforeEach(async () => {
  desk = await createDesk({ capabilities: [...DESK_CONTRACT.capabilities, LIST] })
})

afterEach(() => desk.close())

const ledgerOf = ({ folder }: Desk) => join(folder, '.synapsor/local.db')

const WAIVER = 'billing.propose_late_fee_waiver'

function propose(invoice_id = 'INV-3001', reason = 'The invoice was sent to an old address.') {
  return desk.agent().propose(WAIVER, { invoice_id, reason })
}

/** One read, one applied change, one conflict, one refused call. */
async function work(): Promise<void> {
  await desk.agent().call('billing.inspect_invoice', { invoice_id: 'INV-3003' })
  await desk.agent().call(LIST.name, {})
  const [first, second] = [await propose(), await propose('INV-3002')]
  desk.clock.advance(3 * 60_000)
  for (const { id, hash } of [first, second]) await desk.runner.approve(id, { hash, approver: { id: 'carol' } })
  await desk.runner.apply(first.id)
  await desk.sql("update invoices set version = 2 where id = 'INV-3002'")
  await desk.runner.apply(second.id)
  await desk.agent().call(WAIVER, { invoice_id: 'INV-9001', reason: 'Another tenant.' })
  // Refusals are counted together; asking puts them on record.
  await desk.runner.refusals.list()
  desk.clock.advance(2 * 3_600_000)
}

it.each([80, 120])('lists and shows records in %i columns', async (columns) => {
  await work()
  const lines = [
    'evidence list',
    'evidence show ev_0001',
    'query-audit list',
    'receipts list',
    'receipts show latest',
    'activity',
  ]
  const shown: string[] = []
  for (const line of lines) {
    const { out, exit_code } = await desk.run(line, { columns })
    expect(exit_code).toBe(0)
    shown.push(`$ ${line}\n${out}`)
  }
  const text = stable(shown.join('\n'), desk).replaceAll(/\b[0-9a-f]{12}\b/g, '0'.repeat(12))
  const wide = text.split('\n').filter((line) => line.length > columns)
  expect(wide.filter((line) => !line.includes('sha256:'))).toEqual([])
  await expect(text).toMatchFileSnapshot(`snapshots/records-${columns}.txt`)
})

it('prints each document as its schema says', async () => {
  await work()
  documentOf('evidence list', await desk.run('evidence list --tenant acme --capability billing.list_invoices --json'))
  documentOf('evidence show', await desk.run('evidence show latest --json'))
  documentOf('query-audit list', await desk.run('query-audit --json'))
  documentOf('receipts list', await desk.run('receipts list --tenant acme --status conflict --json'))
  documentOf('receipts show', await desk.run('receipts show latest --json'))
  documentOf('activity', await desk.run('activity --json'))
  documentOf('activity', await desk.run('activity --refusals --json'))
})

it('shows no column that the capability does not', async () => {
  await work()
  for (const { bundle_id } of (await desk.runner.evidence.list()).items) {
    const shown = await desk.run(['evidence', 'show', bundle_id])
    const document = await desk.run(['evidence', 'show', bundle_id, '--json'])
    expect(shown.out + document.out).not.toContain('4111111111111111')
  }
})

it('shows several rows as a table where it finds room, and else each whole', async () => {
  const { evidence } = await desk.agent().inspect(LIST.name, {})
  const wide = await desk.run(['evidence', 'show', evidence.bundle_id])
  expect(wide.out).toContain('2 rows\nThere were more rows than the capability may read.\n')
  expect(wide.out).toMatch(/^id +customer +late_fee_cents +waiver_reason$/m)
  const narrow = await desk.run(['evidence', 'show', evidence.bundle_id], { columns: 50 })
  expect(narrow.out).not.toMatch(/^id +customer/m)
  expect(narrow.out).toContain('  waiver_reason   null')
})

it('takes an evidence id as older releases wrote it', async () => {
  const { evidence } = await desk.agent().inspect('billing.inspect_invoice', { invoice_id: 'INV-3001' })
  const older = evidence.bundle_id.replace('ev_', 'evb_')
  expect((await desk.run(['evidence', 'show', older])).out).toContain(evidence.bundle_id)
})

it('gives the digest by which a proposal cites what was read', async () => {
  const { evidence_bundle_id, frozen } = await propose()
  const { document } = await desk.run(['evidence', 'show', evidence_bundle_id, '--json'])
  expect(document).toMatchObject({ digest: frozen.evidence.digest })
})

it('does not show evidence that was changed behind the runner', async () => {
  const { evidence_bundle_id } = await propose()
  await editLedger(ledgerOf(desk), "update reads set body = replace(body, 'Ann Archer', 'Eve Evans')")
  const shown = await desk.run(['evidence', 'show', evidence_bundle_id, '--json'])
  expect(shown.exit_code).toBe(1)
  expect(errorCodeOf(shown)).toBe('INTEGRITY')
  expect((await desk.run(['evidence', 'show', evidence_bundle_id])).out).not.toContain('Eve Evans')
})

it('names statements without any value of theirs', async () => {
  await work()
  const { out } = await desk.run('query-audit list --json')
  expect(out).toContain('billing.inspect_invoice')
  expect(out).not.toMatch(/INV-|Ann|Cy Cole|5500/)
})

it('tells who did what on which proposal, the newest first', async () => {
  await work()
  const { out } = await desk.run('activity', { columns: 200 })
  const lines = out.split('\n')
  expect(lines.findIndex((line) => /carol +approved/.test(line))).toBeLessThan(
    lines.findIndex((line) => line.includes('sam    proposed on INV-3001')),
  )
  expect(out).toMatch(/applied, 1 row +wrp_/)
  expect(out).toMatch(/conflict, 0 rows \(VERSION_CONFLICT\) +wrp_/)
})

it('counts what was refused where it is asked for', async () => {
  await work()
  expect((await desk.run('activity')).out).not.toContain('Refused')
  expect((await desk.run('activity --refusals')).out).toMatch(/^2026-03-01T09:03Z +1 {2}NOT_FOUND +billing\.propose/m)
})

it('tells of an entry whose content was edited, and of the others', async () => {
  await propose()
  await propose('INV-3002')
  await editLedger(ledgerOf(desk), "update entries set body = '[]' where seq = 2")
  const { out, exit_code } = await desk.run('activity', { columns: 200 })
  expect(exit_code).toBe(0)
  expect(out).toContain('proposal.created; it cannot be read: run ledger verify')
  expect(out).toContain('sam  proposed on INV-3001')
})

it('goes on with the next page', async () => {
  await work()
  for (const list of ['evidence list', 'query-audit list', 'receipts list', 'activity']) {
    const first = await desk.run(`${list} --limit 1`)
    const [, cursor] = /There is more: --cursor (\S+)/.exec(first.out) ?? []
    const second = await desk.run(`${list} --limit 1 --cursor ${cursor}`)
    expect(second.exit_code).toBe(0)
    expect(second.out.split('\n')[1]).not.toBe('')
  }
})

it('says what is missing where a filter finds nothing by itself', async () => {
  for (const line of ['evidence list --capability x', 'query-audit --capability x', 'receipts --status failed']) {
    const result = await desk.run(line)
    expect(result.exit_code).toBe(2)
    expect(result.err).toContain('--tenant')
  }
})

it('says that there is nothing yet', async () => {
  expect((await desk.run('evidence')).out).toBe('Nothing of this was read.\n')
  expect((await desk.run('query-audit')).out).toBe('No such statement was sent.\n')
  expect((await desk.run('receipts')).out).toBe('There are no such receipts.\n')
  expect((await desk.run('activity --refusals')).out).toBe('Nothing has happened yet.\n\nNo call was refused.\n')
  expect(errorCodeOf(await desk.run('evidence show latest --json'))).toBe('EVIDENCE_NOT_FOUND')
  expect(errorCodeOf(await desk.run('receipts show rct_nope --json'))).toBe('RECEIPT_NOT_FOUND')
})

it('shows nothing that a terminal obeys', async () => {
  const evil = "'Ann' || char(27) || '[2J' || char(8238) || 'redro' || char(10) || char(7)"
  await desk.sql(`update invoices set customer = ${evil}`)
  const { id, hash } = await propose()
  const reason = 'fine \u001b[2J\u202eredro\u0007\nnow'
  await desk.runner.approve(id, { hash, approver: { id: 'carol' }, reason })
  await desk.agent().inspect(LIST.name, {})
  const { items } = await desk.runner.evidence.list()
  const lines = [...items.map(({ bundle_id }) => `evidence show ${bundle_id}`), 'evidence list', 'activity']
  for (const columns of [80, 200]) {
    for (const line of lines) {
      const { out } = await desk.run(line, { columns })
      // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there
      expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/)
      expect(out).not.toMatch(/^now/m)
    }
  }
})
