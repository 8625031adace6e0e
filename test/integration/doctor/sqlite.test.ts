import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ailment, ailmentCases } from './cases.js'
import { type Clinic, openSqliteClinic } from './clinic.js'

const TABLES: readonly Ailment[] = [
  {
    title: 'a trigger may change other columns',
    spoil: () =>
      `create trigger tag after update on invoices begin update invoices set customer = 'x' where id = new.id; end`,
    reason: 'TRIGGERS',
    severity: 'warning',
    cure: () => 'drop trigger tag',
  },
  {
    title: 'no index begins with the tenant',
    spoil: () => 'drop index by_tenant',
    reason: 'TENANT_NOT_INDEXED',
    severity: 'warning',
  },
  {
    title: 'the receipts table is gone',
    spoil: () => 'drop table synapsor_writeback_receipts',
    reason: 'RECEIPTS_MISSING',
    severity: 'error',
  },
]

describe('the doctor on sqlite', () => {
  let clinic: Clinic
  beforeAll(async () => {
    clinic = await openSqliteClinic()
  })
  afterAll(() => clinic.close())

  ailmentCases(() => clinic, TABLES)

  it('warns of a file that other users can change', async () => {
    const { file = '' } = clinic
    chmodSync(file, 0o666)
    const found = await clinic.findings()
    chmodSync(file, 0o600)
    expect(found).toMatchObject([{ name: 'reader:shop', reason: 'FILE_OPEN_TO_OTHERS', severity: 'warning' }])
    expect(await clinic.findings()).toEqual([])
  })

  it.each(['-wal', '-journal'])('warns of a %s file that other users can change', async (ending) => {
    const { file = '' } = clinic
    // An empty one is taken for none.
    writeFileSync(`${file}${ending}`, '')
    chmodSync(`${file}${ending}`, 0o666)
    const found = await clinic.findings()
    rmSync(`${file}${ending}`, { force: true })
    expect(found).toMatchObject([{ reason: 'FILE_OPEN_TO_OTHERS', severity: 'warning' }])
    expect(await clinic.findings()).toEqual([])
  })

  it('warns of a folder in which other users can put another file in its place, and not of one that is sticky', async () => {
    const { folder } = clinic
    chmodSync(folder, 0o777)
    const found = await clinic.findings()
    chmodSync(folder, 0o1777)
    const sticky = await clinic.findings()
    chmodSync(folder, 0o700)
    expect(found).toMatchObject([{ reason: 'FILE_OPEN_TO_OTHERS', severity: 'warning' }])
    expect(JSON.stringify(found)).not.toContain(folder)
    expect(sticky).toEqual([])
  })
})
