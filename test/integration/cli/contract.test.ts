import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contractJsonSchema } from '../../../src/contract/json-schema.js'
import { configDigest, loadConfig, validateConfig } from '../../../src/index.js'
import { createDesk, type Desk, documentOf, errorCodeOf, stable } from '../../support/cli.js'
import { DESK_CONTRACT } from '../../support/cli-contract.js'

let desk: Desk

beforeEach(async () => {
  desk = await createDesk()
})

afterEach(() => desk.close())

function write(file: string, content: unknown): void {
  writeFileSync(join(desk.folder, file), typeof content === 'string' ? content : JSON.stringify(content, null, 2))
}

function read(file: string): string {
  return readFileSync(join(desk.folder, file), 'utf8')
}

const [readCapability, proposalCapability] = DESK_CONTRACT.capabilities

const BROKEN = {
  ...DESK_CONTRACT,
  sources: { shop: { engine: 'sqlite', path: 'shop.db', url: 'x' } },
  capabilities: [
    { ...readCapability, soruce: 'shop', target: { table: 'invoices', primary_key: 'id' } },
    { ...proposalCapability, allowed_columns: ['late_fee_cents', 'version'] },
  ],
}

describe('validate', () => {
  it.each([80, 120])('tells of a valid and of a broken contract in %i columns', async (columns) => {
    write('broken.json', BROKEN)
    const fine = await desk.run('validate', { columns })
    const broken = await desk.run('validate broken.json', { columns })
    expect([fine.exit_code, broken.exit_code]).toEqual([0, 1])
    for (const line of (fine.out + broken.out).split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
    await expect(stable(fine.out + broken.out, desk)).toMatchFileSnapshot(`snapshots/validate-${columns}.txt`)
  })

  it('prints its document for a valid contract, with the digest of what decides', async () => {
    const digest = configDigest(loadConfig(join(desk.folder, 'synapsor.runner.json')))
    expect(documentOf('validate', await desk.run('validate --json'))).toMatchObject({ ok: true, digest, errors: [] })
  })

  it('prints its document for a broken one, with every problem and its place', async () => {
    write('broken.json', BROKEN)
    const ran = await desk.run('validate broken.json --json')
    const document = documentOf('validate', ran)
    expect(ran.exit_code).toBe(1)
    expect(document).toEqual({
      ok: false,
      errors: expect.arrayContaining([
        expect.objectContaining({ path: '/sources/shop/url', code: 'REFUSED_KEY', line: expect.any(Number) }),
        expect.objectContaining({ path: '/capabilities/0/soruce', code: 'UNKNOWN_KEY' }),
        expect.objectContaining({ path: '/capabilities/0/target/tenant_key', code: 'TENANT_KEY_MISSING' }),
        expect.objectContaining({ code: 'COLUMN_PROTECTED' }),
      ]),
      warnings: expect.any(Array),
    })
  })

  it.each([
    ['nothing at all', '', 'INVALID_JSON'],
    ['a comment', '{ "version": 1, // soon\n "mode": "review" }', 'INVALID_JSON'],
    ['a key twice', '{ "version": 1, "version": 1, "mode": "review" }', 'DUPLICATE_KEY'],
  ])('finds %s wrong', async (_, content, code) => {
    write('odd.json', content)
    const ran = await desk.run('validate odd.json --json')
    expect(ran.exit_code).toBe(1)
    expect(documentOf('validate', ran)).toMatchObject({
      ok: false,
      errors: expect.arrayContaining([expect.objectContaining({ code, line: 1 })]),
    })
  })

  it('refuses a file that is not there', async () => {
    const ran = await desk.run('validate absent.json --json')
    expect([ran.exit_code, errorCodeOf(ran)]).toEqual([1, 'CONFIG_INVALID'])
  })

  it('takes the contract of --config and the older spelling, but not two contracts', async () => {
    write('broken.json', BROKEN)
    expect((await desk.run('config validate --config broken.json')).exit_code).toBe(1)
    expect((await desk.run('validate', { env: { SYNAPSOR_CONFIG: 'broken.json' } })).exit_code).toBe(1)
    expect((await desk.run('validate broken.json --config broken.json')).exit_code).toBe(2)
  })

  it('prints nothing that a terminal obeys', async () => {
    write('odd.json', `{ "version": 1, "mode": "review", "\\u001b[2Jx": 1 }`)
    expect((await desk.run('validate odd.json')).out).not.toContain('\u001b')
  })
})

describe('config show', () => {
  it('masks literal tenants and whatever looks like a secret, in an invalid contract too', async () => {
    write('odd.json', { ...DESK_CONTRACT, sources: { shop: { engine: 'postgres', url: 'postgres://u:hunter2@db/x' } } })
    const shown = await desk.run('config show --redacted --config odd.json')
    expect(shown.exit_code).toBe(0)
    expect(shown.out).not.toMatch(/hunter2|"acme"/)
    expect(JSON.parse(shown.out)).toMatchObject({
      mode: 'review',
      trusted_context: { values: { tenant_id: '[redacted]', principal: '[redacted]' } },
    })
    expect((await desk.run('config show --config odd.json --json')).document).toEqual(JSON.parse(shown.out))
  })

  it('refuses what is no JSON', async () => {
    write('odd.json', '{')
    expect(errorCodeOf(await desk.run('config show --config odd.json --json'))).toBe('CONFIG_INVALID')
  })
})

describe('config migrate', () => {
  const { version: _, ...withoutVersion } = DESK_CONTRACT
  const older = { ...withoutVersion, result_format: 2 }

  it('prints the new contract alone on stdout, and what it changed beside it', async () => {
    write('older.json', older)
    const ran = await desk.run('config migrate --config older.json')
    expect(ran.exit_code).toBe(0)
    expect(validateConfig(JSON.parse(ran.out)).ok).toBe(true)
    expect(ran.err).toMatchInlineSnapshot(`
      "2 changes to older.json:
        /version
          Wrote \`version: 1\`: it was the only version of this format.
        /result_format
          Removed \`result_format\`: there is one envelope.

      "
    `)
    expect(JSON.parse(read('older.json'))).toEqual(older)
  })

  it('writes over the old one when it is told to, and only then', async () => {
    write('older.json', older)
    const ran = await desk.run('config migrate --config older.json --write --json')
    expect(documentOf('config migrate', ran)).toMatchObject({ errors: [], changes: [{}, {}] })
    expect(JSON.parse(read('older.json'))).toMatchObject({ version: 1 })
    expect((await desk.run('config migrate --config older.json --output new.json')).out).toContain('Written to')
    expect(read('new.json')).toBe(read('older.json'))
  })

  it('leaves a contract of today as it is written', async () => {
    const layout = JSON.stringify(DESK_CONTRACT)
    write('today.json', layout)
    const ran = await desk.run('config migrate --config today.json --write')
    expect(ran.out).toBe('today.json is in the spelling of today already.\n')
    expect(read('today.json')).toBe(layout)
  })

  it('exits 1 while something is left to mend, and guesses nothing', async () => {
    const { table, primary_key } = readCapability.target
    const without = { ...older, capabilities: [{ ...readCapability, target: { table, primary_key } }], workflows: [] }
    write('older.json', without)
    const ran = await desk.run('config migrate --config older.json --json')
    expect(ran.exit_code).toBe(1)
    expect(documentOf('config migrate', ran)).toMatchObject({ file: null, errors: [{ code: 'TENANT_KEY_MISSING' }] })
    expect((await desk.run('config migrate --config older.json --write')).out).toContain(
      '1 error is left for you to mend',
    )
  })

  it('loses nothing: a key that stands twice is refused', async () => {
    write('odd.json', '{ "mode": "review", "mode": "shadow" }')
    const ran = await desk.run('config migrate --config odd.json --write --json')
    expect([ran.exit_code, errorCodeOf(ran)]).toEqual([1, 'CONFIG_INVALID'])
    expect(read('odd.json')).toContain('shadow')
  })

  it('writes to one place', async () => {
    expect((await desk.run('config migrate --write --output x.json')).exit_code).toBe(2)
    expect(existsSync(join(desk.folder, 'x.json'))).toBe(false)
  })
})

describe('config schema', () => {
  it('prints the schema that editors check contracts with', async () => {
    const printed = documentOf('config schema', await desk.run('config schema --json'))
    expect(printed).toEqual(contractJsonSchema())
    await desk.run('config schema --output schema.json')
    expect(JSON.parse(read('schema.json'))).toEqual(printed)
  })
})

describe('config export', () => {
  it('gives contracts that say the same as the same text', async () => {
    const { capabilities, ...rest } = DESK_CONTRACT
    write('one.json', { ...rest, capabilities })
    write('other.json', { capabilities, strict: true, ...rest })
    const [one, other] = [
      await desk.run('config export --config one.json'),
      await desk.run('config export --config other.json'),
    ]
    expect(one.out).toBe(other.out)
  })

  it('fills in every default and tells the digest', async () => {
    const config = loadConfig(join(desk.folder, 'synapsor.runner.json'))
    const document = documentOf('config export', await desk.run('config export --json'))
    expect(document).toEqual({
      schema_version: 'synapsor.contract-export.v1',
      digest: configDigest(config),
      contract: config,
    })
    await desk.run('config export --output out.json')
    expect(JSON.parse(read('out.json'))).toEqual(document)
  })

  it('refuses a contract that is not valid', async () => {
    write('broken.json', BROKEN)
    expect(errorCodeOf(await desk.run('config export --config broken.json --json'))).toBe('CONFIG_INVALID')
  })
})
