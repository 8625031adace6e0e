import { statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openSqlite } from '../../../src/drivers/sqlite-library.js'
import { APPLICATION_ID, MIGRATIONS, SCHEMA_VERSION } from '../../../src/ledger/sqlite-schema.js'
import { createDesk, type Desk, documentOf, errorCodeOf, stable } from '../../support/cli.js'
import { editLedger } from '../../support/edit-ledger.js'

let desk: Desk

beforeEach(async () => {
  desk = await createDesk({ sources: { shop: { engine: 'sqlite', path: 'shop.db' }, books: BOOKS } })
})

afterEach(() => desk.close())

/** A source that is never opened here. */
const BOOKS = { engine: 'postgres', read_url_env: 'BOOKS_READ_URL', write_url_env: 'BOOKS_WRITE_URL' }

const DAY = 86_400_000

function propose(invoice_id = 'INV-3001') {
  return desk.agent().propose('billing.propose_late_fee_waiver', { invoice_id, reason: 'Sent to an old address.' })
}

/** Two proposals that have ended, and one that still waits. */
async function work(): Promise<void> {
  for (const invoice of ['INV-3001', 'INV-3002']) await desk.agent().withdraw((await propose(invoice)).id)
  desk.clock.advance(100 * DAY)
  await propose('INV-3003')
}

/** Makes a ledger as the first release wrote it. */
async function makeOutdated(file: string): Promise<void> {
  const database = await openSqlite(join(desk.folder, file), { mode: 'create' })
  database.exec(MIGRATIONS[0] ?? '')
  database.exec(`pragma application_id = ${APPLICATION_ID}; pragma user_version = 1`)
  database.close()
}

it('walks the ledger and finds it whole', async () => {
  await work()
  expect(await desk.run('ledger verify')).toMatchObject({
    exit_code: 0,
    out: 'The ledger is whole. 5 entries were walked.\n',
  })
  documentOf('ledger verify', await desk.run('ledger verify --json'))
})

it.each([80, 120])('lists what is not as it was written in %i columns, and ends with 1', async (columns) => {
  await work()
  await editLedger(
    join(desk.folder, '.synapsor/local.db'),
    "update entries set body = replace(body, 'sam', 'eve') where seq = 1",
  )
  const result = await desk.run('ledger verify', { columns })
  expect(result.exit_code).toBe(1)
  for (const line of result.out.split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
  await expect(stable(result.out, desk)).toMatchFileSnapshot(`snapshots/ledger-verify-${columns}.txt`)
  const json = await desk.run('ledger verify --json')
  expect(json.exit_code).toBe(1)
  expect(documentOf('ledger verify', json)).toMatchObject({
    ok: false,
    problems: expect.arrayContaining([expect.objectContaining({ seq: 1, code: 'PAYLOAD' })]),
  })
})

it('tells where the ledger is and how much is in it', async () => {
  await work()
  const { out } = await desk.run('store stats')
  expect(out).toContain(`Ledger     ${join(desk.folder, '.synapsor/local.db')}\n`)
  expect(out).toMatch(/Entries {4}5\n {2}Proposals {2}3\n {2}Runs {7}0\n/)
  expect(documentOf('ledger stats', await desk.run('ledger stats --json'))).toMatchObject({ entries: 5, proposals: 3 })
})

it('copies the ledger to a new file that is whole, and never over one', async () => {
  await work()
  documentOf('ledger backup', await desk.run('ledger backup copy.db --json'))
  expect(statSync(join(desk.folder, 'copy.db')).mode & 0o777).toBe(0o600)
  expect(await desk.run('ledger verify --store copy.db')).toMatchObject({ exit_code: 0 })
  expect(errorCodeOf(await desk.run('ledger backup copy.db --json'))).toBe('INVALID_ARGUMENT')
  expect(await desk.run('ledger backup')).toMatchObject({ exit_code: 2 })
})

it('brings an older ledger to this schema, once that was agreed to', async () => {
  await makeOutdated('old.db')
  expect(errorCodeOf(await desk.run('ledger stats --store old.db --json'))).toBe('LEDGER_OUTDATED')
  expect(await desk.run('ledger migrate --store old.db')).toMatchObject({ exit_code: 2 })
  const no = await desk.run('ledger migrate --store old.db', { answers: [false] })
  expect(no).toMatchObject({ exit_code: 1, out: 'Nothing was migrated.\n' })
  expect(no.err).toContain('Copy the ledger first:\n  synapsor-runner ledger backup before-migration.db\n')
  expect(errorCodeOf(await desk.run('ledger stats --store old.db --json'))).toBe('LEDGER_OUTDATED')

  const yes = await desk.run('ledger migrate --store old.db --yes --json')
  expect(documentOf('ledger migrate', yes)).toMatchObject({ schema_version: SCHEMA_VERSION })
  const again = await desk.run('ledger migrate --store old.db')
  expect(again).toMatchObject({ exit_code: 0, out: `The ledger has schema ${SCHEMA_VERSION} already.\n` })
})

it('copies an older ledger as it is, before it is migrated', async () => {
  await makeOutdated('old.db')
  expect(await desk.run('ledger backup copy.db --store old.db')).toMatchObject({ exit_code: 0 })
  expect(errorCodeOf(await desk.run('ledger stats --store copy.db --json'))).toBe('LEDGER_OUTDATED')
  expect(errorCodeOf(await desk.run('ledger backup copy.db --store old.db --json'))).toBe('INVALID_ARGUMENT')
})

it('counts what it would erase and erases nothing', async () => {
  await work()
  const dry = await desk.run('ledger prune --older-than 90d --dry-run')
  expect(dry).toMatchObject({ exit_code: 0 })
  expect(dry.out).toMatch(/^It would erase 2 proposals, 0 runs, .*Nothing was erased\.\n$/)
  const document = documentOf('ledger prune', await desk.run('ledger prune --older-than 90d --dry-run --json'))
  expect(document).toMatchObject({ proposals: 2, dry_run: true })
})

it('erases what ended long ago once that was agreed to, and leaves the ledger whole', async () => {
  await work()
  expect(await desk.run('ledger prune --older-than 90d')).toMatchObject({ exit_code: 2 })
  const no = await desk.run('ledger prune --older-than 90d', { answers: [false] })
  expect(no).toMatchObject({ exit_code: 1, out: 'Nothing was erased.\n' })
  expect(no.err).toContain('Erase 2 proposals')
  const yes = await desk.run('ledger prune --older-than 90d', { answers: [true] })
  expect(yes.out).toMatch(/^Erased 2 proposals/)
  expect(await desk.run('ledger verify')).toMatchObject({ exit_code: 0 })
  const again = await desk.run('store prune --older-than 90d --yes --json')
  expect(documentOf('ledger prune', again)).toMatchObject({ proposals: 0, dry_run: false })
  documentOf('ledger vacuum', await desk.run('ledger vacuum --json'))
  expect((await desk.run('store vacuum')).out).toMatch(/^The ledger has [\d.]+ KiB now/)
})

it('erases by one rule at a time', async () => {
  await work()
  const wrong = [
    'ledger prune --yes',
    'ledger prune --older-than 1d --by-retention --yes',
    'ledger prune --older-than soon --yes',
    'ledger prune --older-than 0d --yes',
  ]
  for (const line of wrong) expect(await desk.run(line), line).toMatchObject({ exit_code: 2 })
  const none = await desk.run('ledger prune --by-retention --yes')
  expect(none).toMatchObject({ exit_code: 0, out: 'There is nothing to erase.\n' })
})

it('prints the SQL of every source, or of one, for a person to run', async () => {
  const shown = await desk.run('migrations print')
  expect(shown.out).toMatch(/^-- shop: the receipts table\ncreate table if not exists/)
  expect(shown.out).toContain('-- books: the receipts table\n')
  expect(shown.out).toContain('-- books: what the reader and the writer may do\n')
  const items = documentOf('migrations print', await desk.run('migrations print books --json'))
  expect(items).toMatchObject({
    items: [
      { source: 'books', kind: 'receipts' },
      { source: 'books', kind: 'grants' },
    ],
  })
  expect(errorCodeOf(await desk.run('migrations print nope --json'))).toBe('CONFIG_INVALID')
})

it('prints SQL that makes the receipts table as it is expected', async () => {
  await desk.sql('drop table synapsor_writeback_receipts')
  const { out } = await desk.run('migrations print shop')
  await desk.sql(out)
  expect(await desk.run('migrations status')).toMatchObject({ exit_code: 0 })
})

it('tells which receipts table is missing, creates it, and says so', async () => {
  expect((await desk.run('migrations status')).out).toBe('SOURCE  RECEIPTS TABLE\nshop    in place\n')
  await desk.sql('drop table synapsor_writeback_receipts')
  const missing = await desk.run('migrations status')
  expect(missing.exit_code).toBe(1)
  expect(missing.out).toMatch(/^shop +missing$/m)
  expect(documentOf('migrations status', await desk.run('migrations status --json'))).toEqual({
    items: [{ source: 'shop', ok: false, code: 'RECEIPTS_MISSING' }],
  })

  expect(await desk.run('migrations apply shop')).toMatchObject({ exit_code: 2 })
  expect(await desk.run('migrations apply shop', { answers: [false] })).toMatchObject({
    exit_code: 1,
    out: 'Nothing was created.\n',
  })
  expect(await desk.run('migrations status')).toMatchObject({ exit_code: 1 })
  expect(await desk.run('migrations apply shop', { answers: [true] })).toMatchObject({ exit_code: 0 })
  expect(await desk.run('migrations status')).toMatchObject({ exit_code: 0 })
  documentOf('migrations apply', await desk.run('migrations apply shop --yes --json'))
})

it('creates what it can of all and tells of the others', async () => {
  await desk.sql('drop table synapsor_writeback_receipts')
  const all = await desk.run('migrations apply --all --yes --json')
  expect(all.exit_code).toBe(1)
  expect(documentOf('migrations apply', all)).toMatchObject({
    items: [
      { source: 'shop', ok: true },
      { source: 'books', ok: false, error: { code: 'ENV_MISSING' } },
    ],
  })
  expect(await desk.run('migrations status')).toMatchObject({ exit_code: 0 })
  for (const line of ['migrations apply --yes', 'migrations apply shop --all --yes']) {
    expect(await desk.run(line), line).toMatchObject({ exit_code: 2 })
  }
  expect(errorCodeOf(await desk.run('migrations apply nope --yes --json'))).toBe('CONFIG_INVALID')
})
