import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Clinic } from './clinic.js'
import { openMysqlClinic, openPostgresClinic } from './clinic.js'

/** Roles and databases have names of their own in every run. */
function stable(text: string, { names }: Clinic): string {
  const { reader, writer, group, database } = names
  return [
    [group, 'some_group'],
    [reader, 'shop_reader'],
    [writer, 'shop_writer'],
    [database, 'shop_database'],
  ].reduce((told, [name = '', word = '']) => told.replaceAll(name, word), text)
}

const versions = (text: string) => text.replaceAll(/(Node\.js|SQLite|PostgreSQL|MariaDB|MySQL) \d[\d.]*/g, '$1 0.0')

/** Wrong in several ways at once. */
const SPOIL = {
  postgres: ({ reader, writer, group }: Clinic['names']) => `
    grant update on invoices to ${reader}; grant delete on payroll to ${group}; grant ${group} to ${reader};
    grant update on synapsor_writeback_receipts to ${writer}; alter role ${writer} bypassrls; drop index by_tenant`,
  mysql: ({ reader, writer, group, database }: Clinic['names']) => `
    grant update on ${database}.* to ${reader}; grant delete on payroll to ${group}; grant ${group} to ${reader};
    grant update on synapsor_writeback_receipts to ${writer}; grant file on *.* to ${writer}; drop index by_tenant on invoices`,
} as const

const OPEN = { postgres: openPostgresClinic, mysql: openMysqlClinic } as const

describe.each(['postgres', 'mysql'] as const)('what the doctor tells of %s', (engine) => {
  let clinic: Clinic
  beforeAll(async () => {
    clinic = await OPEN[engine]()
    await clinic.run(SPOIL[engine](clinic.names))
  })
  afterAll(() => clinic.close())

  it.each([80, 120])('stands in %i columns, but for statements, which are never broken', async (columns) => {
    const { out, exit_code } = await clinic.command(['doctor'], columns)
    expect(exit_code).toBe(1)
    const told = versions(stable(out, clinic))
    const broken = told.split('\n').filter((line) => !line.endsWith(';') && line.length > columns)
    expect(broken).toEqual([])
    await expect(told).toMatchFileSnapshot(`snapshots/${engine}-${columns}.txt`)
  })

  it('is the same in its document, with statements that can be run as they are', async () => {
    const { out } = await clinic.command(['doctor', '--source', 'shop', '--json'])
    const { findings } = JSON.parse(out) as { findings: { mend?: string }[] }
    const statements = findings.flatMap(({ mend = '' }) => mend.split('\n')).filter((line) => line !== '')
    expect(statements.length).toBeGreaterThan(3)
    for (const statement of statements) expect(statement).toMatch(/^(revoke|grant|alter|create) .*;$/)
  })

  it.each(['report.md', 'report.json'])('leaves hosts, users, places and statements out of %s', async (file) => {
    const { out } = await clinic.command(['doctor', '--report', file])
    const report = readFileSync(join(clinic.folder, file), 'utf8')
    expect(report).toContain('READER_CAN_WRITE'.replaceAll('_', file.endsWith('.md') ? '\\_' : '_'))
    expect(report).toContain('invoices')
    const { reader, writer, group } = clinic.names
    for (const hidden of [...clinic.secrets, reader, writer, group, 'revoke ']) expect(report).not.toContain(hidden)
    for (const secret of clinic.secrets) expect(out).not.toContain(secret)
    expect(statSync(join(clinic.folder, file)).mode & 0o077).toBe(0)
  })

  it('does not say of one credential in two places which of its rights are too many', async () => {
    const { SHOP_WRITE_URL = '' } = clinic.env
    const found = await clinic.findings({ SHOP_READ_URL: SHOP_WRITE_URL })
    const ofCredentials = found.filter(({ name }) => /^(reader|writer):/.test(name))
    expect(ofCredentials).toMatchObject([{ reason: 'SAME_CREDENTIAL', severity: 'error' }])
  })

  it('says that an unknown reader cannot log in, and nothing of the rest', async () => {
    const url = new URL(clinic.env.SHOP_READ_URL ?? '')
    url.username = 'unknown_canary'
    const found = await clinic.findings({ SHOP_READ_URL: url.href })
    expect(found.map(({ name, code }) => [name, code])).toEqual([['source:shop', 'SOURCE_AUTH']])
    expect(JSON.stringify(found)).not.toContain('canary')
  })

  it('says once that a writer cannot log in, and still examines the reader', async () => {
    const url = new URL(clinic.env.SHOP_WRITE_URL ?? '')
    url.username = 'unknown_canary'
    const found = await clinic.findings({ SHOP_WRITE_URL: url.href })
    expect(found.filter(({ code }) => code === 'SOURCE_AUTH').map(({ name }) => name)).toEqual(['receipts:shop'])
    expect(found.map(({ reason }) => reason)).toContain('READER_CAN_WRITE')
  })
})

describe('a file of reports', () => {
  let clinic: Clinic
  beforeAll(async () => {
    clinic = await openPostgresClinic()
  })
  afterAll(() => clinic.close())

  it('refuses a source that the contract has not', async () => {
    const { exit_code, out } = await clinic.command(['doctor', '--source', 'nowhere', '--json'])
    expect(exit_code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'CONFIG_INVALID' } })
  })

  it('stays short where everything is in place', async () => {
    const { out, exit_code } = await clinic.command(['doctor'])
    expect(exit_code).toBe(0)
    expect(out.split('\n').length).toBeLessThan(15)
  })

  it('is not written where it cannot be', async () => {
    writeFileSync(join(clinic.folder, 'a-file'), '')
    const { exit_code } = await clinic.command(['doctor', '--report', 'a-file/report.md'])
    expect(exit_code).toBe(1)
  })
})
