import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'tsup'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../support/command.js'

const run = promisify(execFile)

/** The runner with everything it needs but the database clients, in a folder from which none can be found. */
describe('an installation without a database client', () => {
  const folder = mkdtempSync(join(tmpdir(), 'synapsor-bare-'))
  beforeAll(async () => {
    await build({
      config: false,
      entry: { runner: join(projectRoot, 'src/index.ts') },
      outDir: folder,
      outExtension: () => ({ js: '.mjs' }),
      format: 'esm',
      platform: 'node',
      noExternal: [/^(zod|canonicalize|decimal\.js|jsonc-parser)/],
      external: ['pg', 'mysql2', '@photostructure/sqlite'],
      silent: true,
    })
    writeFileSync(join(folder, 'program.mjs'), PROGRAM)
  })
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
  })

  it.each([
    ['postgres', 'pg'],
    ['mysql', 'mysql2'],
  ])('says for %s what to install', async (engine, name) => {
    const { stdout } = await run(process.execPath, [join(folder, 'program.mjs'), engine], { cwd: folder })

    expect(JSON.parse(stdout)).toMatchObject({
      code: 'PLATFORM_UNSUPPORTED',
      details: { package: name },
      next: `npm install ${name}`,
    })
  })

  it('says for sqlite what to install, unless Node.js has a sound one of its own', async () => {
    const { stdout } = await run(process.execPath, [join(folder, 'program.mjs'), 'sqlite'], { cwd: folder })

    const told: unknown = JSON.parse(stdout)
    const builtIn = process.getBuiltinModule('node:sqlite') !== undefined
    if (builtIn)
      expect(told).toMatchObject({ code: expect.stringMatching(/^(PLATFORM_UNSUPPORTED|SOURCE_UNAVAILABLE)$/) })
    else expect(told).toMatchObject({ code: 'PLATFORM_UNSUPPORTED', details: { package: '@photostructure/sqlite' } })
  })
})

const PROGRAM = `
import { createRunner } from './runner.mjs'
const engine = process.argv[2]
const source = engine === 'sqlite' ? { engine, path: './no.db' } : { engine, read_url_env: 'URL', write_url_env: 'URL' }
const contract = {
  version: 1, mode: 'read_only', sources: { shop: source },
  capabilities: [{ name: 'a.b', kind: 'read', source: 'shop', target: { table: 't', primary_key: 'id', tenant_key: 'o' },
    args: { id: { type: 'string' } }, lookup: { id_from_arg: 'id' }, visible_columns: ['id'] }],
}
const runner = createRunner(contract, { env: { URL: engine + '://u:p@127.0.0.1:1/d' } })
const session = runner.session({ tenant_id: 'acme', principal: 'p' })
session.inspect('a.b', { id: 'x' }).catch((error) => process.stdout.write(JSON.stringify(error)))
`
