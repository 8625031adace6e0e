import { afterEach, beforeEach, expect, it } from 'vitest'
import { createDesk, type Desk, documentOf, errorCodeOf, stable } from '../../support/cli.js'

let desk: Desk

beforeEach(async () => {
  desk = await createDesk({
    sources: {
      shop: { engine: 'sqlite', path: 'shop.db' },
      books: { engine: 'postgres', read_url_env: 'BOOKS_READ_URL' },
    },
  })
})

afterEach(() => desk.close())

/** Without what differs from machine to machine, or from one release to the next. */
function plain(text: string): string {
  return stable(text, desk)
    .replaceAll(/(Node\.js|SQLite) \d[\d.]*\d/g, '$1 0.0.0')
    .replaceAll(/schema \d+/g, 'schema 0')
}

it.each([80, 120])('groups what it finds by source, the worst first, in %i columns', async (columns) => {
  await desk.agent().inspect('billing.inspect_invoice', { invoice_id: 'INV-3001' })
  await desk.sql('drop table synapsor_writeback_receipts')
  const result = await desk.run('doctor', { columns })
  expect(result.exit_code).toBe(1)
  for (const line of result.out.split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
  await expect(plain(result.out)).toMatchFileSnapshot(`snapshots/doctor-${columns}.txt`)
})

it('prints its findings as the schema says', async () => {
  const document = documentOf('doctor', await desk.run('runner doctor --json'))
  expect(document).toMatchObject({
    findings: expect.arrayContaining([
      expect.objectContaining({ name: 'source:shop', severity: 'ok' }),
      expect.objectContaining({ name: 'env:BOOKS_READ_URL', severity: 'error', code: 'ENV_MISSING' }),
    ]),
  })
})

it('says which command mends what it found', async () => {
  await desk.sql('drop table synapsor_writeback_receipts')
  expect((await desk.run('doctor')).out).toContain('synapsor-runner migrations apply shop\n')
})

it('ends with 0 where everything can be used, whatever it warns of', async () => {
  const sound = await createDesk()
  try {
    const result = await sound.run('doctor')
    expect(result.exit_code).toBe(0)
    expect(result.out).toContain('  !  contract: ')
    expect(result.out).toContain('Everything that was looked at can be used, 1 warning.')
  } finally {
    await sound.close()
  }
})

it('finds a column that the contract names and the table lacks', async () => {
  await desk.sql('alter table invoices drop column waiver_reason')
  const result = await desk.run('doctor')
  expect(result.exit_code).toBe(1)
  expect(result.out).toContain('(SCHEMA_DRIFT)')
})

it('refuses as every command does where there is no contract', async () => {
  expect(errorCodeOf(await desk.run('doctor --config nowhere.json --json'))).toBe('CONFIG_INVALID')
})
