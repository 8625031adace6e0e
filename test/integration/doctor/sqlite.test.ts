import { chmodSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ailment, ailmentCases } from './cases.js'
import { type Clinic, openSqliteClinic } from './clinic.js'

const TABLES: readonly Ailment[] = [
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
})
