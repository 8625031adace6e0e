import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig, validateConfig } from '../../../src/index.js'
import { createDesk, type Desk, documentOf, errorCodeOf } from '../../support/cli.js'
import { projectRoot } from '../../support/command.js'

/** A folder with the program under its own name, as an installation leaves one in the path. */
const installed = mkdtempSync(join(tmpdir(), 'synapsor-installed-'))
const program = join(installed, 'synapsor-runner')
const loader = join(projectRoot, 'node_modules/tsx/dist/loader.mjs')
const main = join(projectRoot, 'src/cli/main.ts')
writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" --import "${loader}" "${main}" "$@"\n`)
chmodSync(program, 0o755)

afterAll(() => rmSync(installed, { recursive: true, force: true }))

let desk: Desk

beforeEach(async () => {
  desk = await createDesk()
})

afterEach(() => desk.close())

async function runShell(script: string, cwd: string) {
  const env = { ...process.env, PATH: `${installed}:${process.env.PATH ?? ''}`, NO_COLOR: '1', TMPDIR: cwd }
  const child = spawn('/bin/sh', ['-c', script], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [exit_code, out, err] = await Promise.all([exit, text(child.stdout), text(child.stderr)])
  return { exit_code, out, err }
}

describe('demo', () => {
  it('leaves a folder from which the printed lines go on, as they are printed', async () => {
    const told = await runShell(`synapsor-runner demo --output "it's a try"`, desk.folder)
    expect([told.exit_code, told.err]).toEqual([0, ''])
    const lines = [...told.out.matchAll(/^ {2}((?:cd|synapsor-runner) .*)$/gm)].map(([, line]) => line)
    expect(lines.length).toBeGreaterThan(5)

    const gone = await runShell(`set -e\n${lines.join('\n')}`, desk.folder)
    expect(gone.exit_code, gone.err).toBe(0)
    for (const word of ['Not exposed', 'pending_review', 'approved', 'applied', '# Replay of', 'internal_note']) {
      expect(gone.out).toContain(word)
    }
  })

  it('tells the same in each width', async () => {
    const { out } = await desk.run('demo --output here')
    for (const line of out.split('\n').filter((each) => !each.includes(desk.folder))) {
      expect(line.length).toBeLessThanOrEqual(80)
    }
    await expect(out.replaceAll(desk.folder, '/desk')).toMatchFileSnapshot('snapshots/demo.txt')
  })

  it('prints its document', async () => {
    const folder = join(desk.folder, 'here')
    const document = documentOf('demo', await desk.run('demo --output here --json'))
    expect(document).toMatchObject({ folder, next: expect.arrayContaining([`cd ${folder}`]) })
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(['synapsor.runner.json', 'shop.db', '.synapsor']))
  })

  it('writes a contract whose only warning is its literal tenant', async () => {
    await desk.run('demo --output here')
    const { warnings } = validateConfig(loadConfig(join(desk.folder, 'here', 'synapsor.runner.json')))
    expect(warnings.map(({ code }) => code)).toEqual(['STATIC_CONTEXT'])
  })

  it('keeps its hands off a folder that holds anything', async () => {
    mkdirSync(join(desk.folder, 'full'))
    writeFileSync(join(desk.folder, 'full', 'notes.txt'), 'mine')
    const ran = await desk.run('demo --output full --json')
    expect([ran.exit_code, errorCodeOf(ran)]).toEqual([1, 'INVALID_ARGUMENT'])
    expect(readdirSync(join(desk.folder, 'full'))).toEqual(['notes.txt'])
  })

  it('takes a new temporary folder by itself', async () => {
    const { exit_code, out } = await runShell('synapsor-runner demo --json', desk.folder)
    expect(exit_code).toBe(0)
    const { folder } = JSON.parse(out) as { folder: string }
    expect(folder.startsWith(join(desk.folder, 'synapsor-demo-'))).toBe(true)
    expect(existsSync(join(folder, 'synapsor.runner.json'))).toBe(true)
  })
})

describe('demo --quick', () => {
  it('tells the story and keeps nothing', async () => {
    const before = readdirSync(desk.folder)
    const { exit_code, out, err } = await runShell('synapsor-runner demo --quick', desk.folder)
    expect([exit_code, err]).toEqual([0, ''])
    for (const word of ['SELF_APPROVAL', 'already_applied', 'conflict', 'NOT_FOUND']) expect(out).toContain(word)
    expect(readdirSync(desk.folder).filter((name) => !name.startsWith('tsx'))).toEqual(before)
  })

  it('prints its document', async () => {
    expect(documentOf('demo', await desk.run('demo --quick --json'))).toMatchObject({ folder: null })
  })

  it('has nowhere to write to', async () => {
    expect((await desk.run('demo --quick --output here')).exit_code).toBe(2)
  })
})

describe('call --input -', () => {
  it('reads its arguments from stdin', async () => {
    const read = 'synapsor-runner call billing.inspect_invoice --input - --json'
    const ran = await runShell(`echo '{"invoice_id": "INV-3001"}' | ${read}`, desk.folder)
    expect(JSON.parse(ran.out)).toMatchObject({ ok: true, data: { customer: 'Ann Archer' } })
    const large = await runShell(`head -c 2000000 /dev/zero | ${read}`, desk.folder)
    expect(large.exit_code).toBe(1)
    expect(JSON.parse(large.out)).toMatchObject({ error: { code: 'INVALID_ARGUMENT' } })
  })
})
