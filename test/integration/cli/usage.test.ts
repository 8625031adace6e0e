import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COMMANDS } from '../../../src/cli/commands/index.js'
import { DOCUMENTS } from '../../../src/cli/documents/index.js'
import { createDesk, type Desk, errorCodeOf } from '../../support/cli.js'
import { DESK_CONTRACT } from '../../support/cli-contract.js'

let desk: Desk

beforeAll(async () => {
  desk = await createDesk()
})

afterAll(() => desk.close())

const visible = COMMANDS.filter(({ is_later }) => is_later !== true)

describe.each(visible.map((spec) => [spec.name, spec] as const))('%s', (name, spec) => {
  it('has help with an example, by --help and by the word help', async () => {
    const [byFlag, byWord] = [await desk.run(`${name} --help`), await desk.run(`help ${name}`)]
    expect(byFlag).toMatchObject({ exit_code: 0, err: '' })
    expect(byWord).toMatchObject({ exit_code: 0, out: byFlag.out })
    expect(byFlag.out).toContain(`synapsor-runner ${spec.examples[0]}`)
    expect(byFlag.out.replaceAll(/\s+/g, ' ')).toContain(spec.summary.replaceAll(/\s+/g, ' '))
  })

  it('refuses an option that it has not, with 2, and suggests one that it has', async () => {
    const result = await desk.run(`${name} --confg x`)
    expect(result).toMatchObject({ exit_code: 2, out: '' })
    expect(result.err).toContain("unknown option '--confg'")
    if (spec.needs === 'runner') expect(result.err).toContain('Did you mean --config?')
  })

  it('prints a usage error as one document with --json', async () => {
    const result = await desk.run(`${name} --confg x --json`)
    expect(result).toMatchObject({ exit_code: 2, err: '' })
    expect(errorCodeOf(result)).toBe('INVALID_ARGUMENT')
  })
})

it('has a schema for what each command prints with --json', () => {
  const silent = ['mcp serve', 'mcp serve-streamable-http', 'mcp serve-http']
  const unlisted = visible.map(({ name }) => name).filter((name) => !Object.hasOwn(DOCUMENTS, name))
  expect(unlisted.filter((name) => !silent.includes(name))).toEqual([])
})

it.each([
  ['proposal list', 'Did you mean proposals?'],
  ['proposals lst', 'Did you mean list?'],
  ['aply latest', 'Did you mean apply?'],
])('suggests the nearest command for %s', async (line, words) => {
  const result = await desk.run(line)
  expect(result).toMatchObject({ exit_code: 2, out: '' })
  expect(result.err).toContain(words)
})

it.each(['ui', 'cloud connect', 'store reset --yes'])(
  'answers %s, which is not in this release, in a sentence',
  async (line) => {
    const result = await desk.run(line)
    expect(result).toMatchObject({ exit_code: 1, out: '' })
    expect(result.err).toMatch(/This release has no .+\.\n {2}\S.+\.\n$/)
  },
)

it('prints the version and its help', async () => {
  expect((await desk.run('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/)
  for (const line of ['', 'help', '--help']) {
    expect(await desk.run(line)).toMatchObject({ exit_code: 0, out: expect.stringContaining('proposals') })
  }
})

it.each(['config', 'ledger', 'mcp'])('lists the commands of %s where none is given, with 2', async (group) => {
  const result = await desk.run(group)
  expect(result).toMatchObject({ exit_code: 2, out: '' })
  expect(result.err).toContain('Commands:')
})

it.each([
  'proposals show',
  'proposals show a b',
  'proposals list --limit 0',
  'proposals list --limit 1e3',
  'proposals list --limit 201',
  'proposals list --status open',
  'proposals list --tenant',
  'apply',
  'apply a --job b',
  'apply --job b --dry-run',
])('calls %s wrong usage', async (line) => {
  expect((await desk.run(line)).exit_code).toBe(2)
})

describe('where it cannot work', () => {
  it.each([
    ['there is no contract', 'proposals list --config nowhere.json', 'CONFIG_INVALID'],
    ['the module is missing', 'proposals list --runner nowhere.mjs', 'CONFIG_INVALID'],
    ['the job is missing', 'apply --job nowhere.json', 'INVALID_ARGUMENT'],
    ['there is no such proposal', 'proposals show wrp_none', 'PROPOSAL_NOT_FOUND'],
    ['nothing is the latest', 'proposals show latest --store empty.db', 'PROPOSAL_NOT_FOUND'],
    ['the ledger is a folder', 'proposals list --store .', 'LEDGER_UNAVAILABLE'],
  ])('says that %s', async (_, line, code) => {
    const result = await desk.run(`${line} --json`)
    expect([result.exit_code, errorCodeOf(result)]).toEqual([1, code])
    const told = await desk.run(line)
    expect(told).toMatchObject({ exit_code: 1, out: '' })
    expect(told.err).toMatch(new RegExp(`error ${code}: .+\\n.*\\S`))
    expect(told.err).not.toMatch(/\n\s+at /)
  })

  it('says which key of the contract is wrong, and where it stands', async () => {
    writeFileSync(join(desk.folder, 'broken.json'), '{\n  "version": 1,\n  "mode": "revue",\n  "sources": {}\n}\n')
    const result = await desk.run('proposals list --config broken.json')
    expect(result.exit_code).toBe(1)
    expect(result.err.match(/\/mode/g)).toHaveLength(1)
    expect(result.err).toContain('(line 3)')
    expect(result.err).not.toContain('\\u{a}')
  })

  it('says that older variables alone make no contract', async () => {
    const env = { SYNAPSOR_DATABASE_URL: 'postgres://someone:secret@db/x' }
    const result = await desk.run('proposals list --config nowhere.json', { env })
    expect(result.exit_code).toBe(1)
    expect(result.err).toContain('SYNAPSOR_DATABASE_URL is set')
    expect(result.err).not.toContain('secret')
  })

  it('says which variable is not set', async () => {
    const environment = { provider: 'environment', values: { tenant_id_env: 'DESK_TENANT', principal_env: 'DESK_WHO' } }
    writeFileSync(join(desk.folder, 'env.json'), JSON.stringify({ ...DESK_CONTRACT, trusted_context: environment }))
    const result = await desk.run('mcp serve --config env.json')
    expect(result).toMatchObject({ exit_code: 1, out: '' })
    expect(result.err).toMatch(/error ENV_MISSING: .*DESK_TENANT/)
  })
})

it('takes the contract and the ledger from the environment, and options before them', async () => {
  mkdirSync(join(desk.folder, 'elsewhere'))
  writeFileSync(join(desk.folder, 'elsewhere', 'bad.json'), '{}')
  const env = { SYNAPSOR_CONFIG: 'elsewhere/bad.json' }
  expect((await desk.run('proposals list', { env })).exit_code).toBe(1)
  expect((await desk.run('proposals list --config synapsor.runner.json', { env })).exit_code).toBe(0)
  const store = { SYNAPSOR_LOCAL_STORE: 'other.db' }
  expect((await desk.run('proposals list --json', { env: store })).document).toMatchObject({ items: [] })
})

it('takes a runner of your own from a module', async () => {
  const index = new URL('../../../src/index.ts', import.meta.url).href
  writeFileSync(
    join(desk.folder, 'runner.mjs'),
    `import { createRunner, loadConfig } from ${JSON.stringify(index)}\nexport default createRunner(loadConfig(${JSON.stringify(join(desk.folder, 'synapsor.runner.json'))}))\n`,
  )
  expect(await desk.run('proposals list --runner runner.mjs --json')).toMatchObject({ exit_code: 0 })
  expect((await desk.run('proposals list --runner runner.mjs --store x.db')).exit_code).toBe(2)
  writeFileSync(join(desk.folder, 'nothing.mjs'), 'export const nothing = 1\n')
  expect((await desk.run('proposals list --runner nothing.mjs')).err).toContain('export default createRunner')
})

it.each([
  ['receipts lst', 'Did you mean list?'],
  ['tools prevew', 'Did you mean preview?'],
  ['evidence xyz', 'There is: list, show.'],
])('suggests the nearest command of a group that has a default one, for %s', async (line, words) => {
  const result = await desk.run(line)
  expect(result).toMatchObject({ exit_code: 2, out: '' })
  expect(result.err).toContain(words)
})

it.each(['proposals', 'tools', 'adapters', 'evidence', 'receipts', 'runs', 'query-audit', 'migrations'])(
  'lists where %s is all that is said',
  async (group) => {
    expect(await desk.run(group)).toMatchObject({ exit_code: 0, err: '' })
  },
)

it.each([
  'proposals list --store ""',
  'proposals list --config ""',
  'tools list --runner " "',
  'validate ""',
  'proposals approve wrp_0001 --yes --as ""',
])('takes nothing for what is empty in %s', async (line) => {
  const words = line.split(' ').map((word) => (word === '""' ? '' : word === '"' ? ' ' : word))
  expect((await desk.run(words, { env: { SYNAPSOR_OPERATOR: 'carol' } })).exit_code).toBe(2)
})

it('says where help is, where nothing is near', async () => {
  const result = await desk.run('revoke x')
  expect(result).toMatchObject({ exit_code: 2, out: '' })
  expect(result.err).toContain('See synapsor-runner help.')
})
