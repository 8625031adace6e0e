import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { commandFor, commandOf, run } from './servers.js'

const folder = mkdtempSync(join(tmpdir(), 'synapsor-audit-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A script that writes its process id down first. */
const noted = (name: string, script: string): string =>
  `require('node:fs').writeFileSync(${JSON.stringify(join(folder, name))}, String(process.pid)); ${script}`

/** Whether the process that noted itself is gone. Waits for a while. */
async function isGone(name: string): Promise<boolean> {
  const pid = Number(readFileSync(join(folder, name), 'utf8'))
  for (let wait = 0; wait < 50; wait += 1) {
    try {
      process.kill(pid, 0)
    } catch {
      return true
    }
    await sleep(100)
  }
  return false
}

describe('a server that is started', () => {
  it.each(['quiet', 'noise'])('is asked for its tools: %s', async (kind) => {
    const stderr = vi.spyOn(process.stderr, 'write')
    const report = await run(commandOf('shop-program.ts', kind))
    expect(report.target).toMatch(/^stdio:.+ \(4 arguments\)$/)
    expect(report.findings.map(({ tool }) => tool)).toContain('delete_order')
    expect(report.summary.tools_inspected).toBe(1)
    expect(stderr.mock.calls.join()).not.toContain('SECRET-ON-STDERR')
    stderr.mockRestore()
  })

  it('inherits the folder, and of the environment what clients pass on and what was named', async () => {
    const file = join(folder, 'world')
    const script = `require('node:fs').writeFileSync(${JSON.stringify(file)}, JSON.stringify([process.cwd(), process.env]))`
    const env = { PATH: '/of/the/shell', SECRET_KEY: 'hunter2', LATER: 'later', NAMED: 'named', HOME: '() { :; }' }
    await run(commandFor(script), { env, pass_env: ['NAMED'], cwd: folder }).catch(() => undefined)
    const [cwd, seen] = JSON.parse(readFileSync(file, 'utf8')) as [string, Record<string, string>]
    expect(cwd).toMatch(/synapsor-audit-/)
    expect(seen).toMatchObject({ PATH: '/of/the/shell', NAMED: 'named' })
    for (const name of ['SECRET_KEY', 'LATER', 'HOME']) expect(seen).not.toHaveProperty(name)
  })

  it('is not started without a variable that was named', async () => {
    const file = join(folder, 'unset')
    const script = `require('node:fs').writeFileSync(${JSON.stringify(file)}, '')`
    await expect(run(commandFor(script), { pass_env: ['ABSENT_VARIABLE'] })).rejects.toMatchObject({
      code: 'ENV_MISSING',
    })
    expect(existsSync(file)).toBe(false)
  })

  it('is started without a shell', async () => {
    const file = join(folder, 'shell')
    await expect(run(`stdio:true; touch ${file}`)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(run(`stdio:echo $(touch ${file}) > ${file}`)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    expect(existsSync(file)).toBe(false)
  })
})

const FOREVER = 'setInterval(() => undefined, 1000);'

describe('a command is refused and ended', () => {
  it.each([
    ['never answers', FOREVER, 'SOURCE_UNAVAILABLE'],
    [
      'will not end',
      `process.on('SIGTERM', () => undefined); process.stdin.on('end', () => undefined); ${FOREVER}`,
      'SOURCE_UNAVAILABLE',
    ],
    ['prints noise', `setInterval(() => console.log('noise'), 1);`, 'SOURCE_UNAVAILABLE'],
    [
      'prints without end',
      `const print = () => { while (process.stdout.write('x'.repeat(65536))); }; process.stdout.on('drain', print); print();`,
      'RESULT_TOO_LARGE',
    ],
    [
      'prints what is no message without end',
      `const print = () => { while (process.stdout.write('{}\\n'.repeat(20000))); }; process.stdout.on('drain', print); print();`,
      'RESULT_TOO_LARGE',
    ],
    ['ends at once', 'process.exit(3)', 'INVALID_ARGUMENT'],
  ])('that %s', async (name, script, code) => {
    await expect(run(commandFor(noted(name, script)), { timeout_ms: 1_500 })).rejects.toMatchObject({ code })
    expect(await isGone(name)).toBe(true)
  })

  it('with everything that it has started', async () => {
    const inner = JSON.stringify(noted('grandchild', `process.on('SIGTERM', () => undefined); ${FOREVER}`))
    const script = `require('node:child_process').spawn(process.execPath, ['-e', ${inner}], { stdio: 'ignore' }); ${FOREVER}`
    await expect(run(commandFor(script), { timeout_ms: 1_500 })).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' })
    expect(await isGone('grandchild')).toBe(true)
  })

  it.each([
    'stdio:',
    'stdio:""',
    'stdio:no-such-program-here',
    `stdio:node 'open`,
    'stdio:node a\0b',
    `stdio:${tmpdir()}`,
  ])('that cannot be started: %j', async (target) => {
    await expect(run(target)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })
})
