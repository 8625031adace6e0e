import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Loop, openLoop } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import { refusal, statusOf } from './desk.js'

const PROGRAM = fileURLToPath(new URL('./programs/writeback.mjs', import.meta.url))

describe('a program of the app', () => {
  let shop: Shop
  let loop: Loop
  let runs = 0
  let notes = ''
  beforeAll(async () => {
    shop = await openSqliteShop()
  })
  afterAll(() => shop.drop())
  afterEach(() => loop?.close())

  interface Options {
    readonly command?: string
    readonly executor?: Readonly<Record<string, unknown>>
    readonly env?: Readonly<Record<string, string>>
  }

  async function approved(behaviour: string, { command, executor, env }: Options = {}) {
    notes = join(shop.folder, `notes-${++runs}.txt`)
    loop = await openLoop(shop, changeOf(executor), { env: { ...environment(behaviour, command), ...env } })
    return loop.approved()
  }

  function environment(behaviour: string, command?: string) {
    const argv = [process.execPath, PROGRAM, behaviour, notes, 'a b; rm -rf $HOME']
    return { PATH: process.env.PATH ?? '', APP_COMMAND: command ?? JSON.stringify(argv) }
  }

  function changeOf(executor: Readonly<Record<string, unknown>> = {}) {
    const app = { type: 'command_handler', command_env: 'APP_COMMAND', timeout_ms: 4000, ...executor }
    return { propose: { executor: 'app' }, config: { executors: { app } } }
  }

  const noted = (): readonly string[] => (existsSync(notes) ? readFileSync(notes, 'utf8').trim().split('\n') : [])

  /** What another runner finds out, whose environment names an honest program. */
  const settled = (id: string) => loop.again(changeOf(), { env: environment('honest') }).reconcile(id)

  it('performs what was approved, and its answer is the receipt', async () => {
    const { id } = await approved('honest')

    expect(await loop.runner.apply(id)).toMatchObject({ status: 'applied', rows_affected: 1 })
    expect(noted()).toEqual([id])
    expect((await loop.runner.apply(id)).status).toBe('already_applied')
  })

  it('is given arguments as they are, and of the environment what it needs and what the contract names', async () => {
    const env = { DATABASE_URL: 'sqlite://billing', SECRET_OF_SOMEBODY_ELSE: 'x' }
    const { id } = await approved('env', { executor: { pass_env: ['DATABASE_URL'] }, env })

    const { details } = await loop.runner.apply(id)

    expect(details).toEqual({ env: ['DATABASE_URL', 'PATH'], args: ['a b; rm -rf $HOME'] })
  })

  it('may say much on its standard error', async () => {
    const { id } = await approved('noise')

    expect((await loop.runner.apply(id)).status).toBe('applied')
  })

  it.each([
    ['hangs', 'hang', 'timeout'],
    ['prints something else', 'garbage', 'not_an_answer'],
    ['ends with another exit code', 'fail', 'exit_code'],
    ['is killed', 'killed', 'exit_code'],
    ['prints without end', 'endless', 'too_large'],
  ])('that %s leaves the outcome unknown, and finds out that it was done', async (_, behaviour, reason) => {
    const { id } = await approved(behaviour, { executor: { timeout_ms: 1500 } })

    expect(await refusal(loop.runner.apply(id))).toMatchObject({ code: 'OUTCOME_UNKNOWN', details: { reason } })

    expect(await statusOf(loop, { id })).toBe('outcome_unknown')
    expect(await settled(id)).toMatchObject({ status: 'applied' })
    expect(noted()).toEqual([id])
  })

  it('whose child keeps its output open is ended with it', async () => {
    const { id } = await approved('fork', { executor: { timeout_ms: 1500 } })

    expect((await refusal(loop.runner.apply(id))).details).toMatchObject({ reason: 'timeout' })

    const child = Number(
      noted()
        .find((line) => line.startsWith('child'))
        ?.slice('child '.length),
    )
    await expect.poll(() => isRunning(child)).toBe(false)
    expect(await settled(id)).toMatchObject({ status: 'applied' })
  })

  it.each([
    ['is not there', '["/nowhere/writeback"]'],
    ['may not be executed', JSON.stringify([PROGRAM])],
    ['is a folder', '/'],
    ['is a line for a shell', 'echo hello; true'],
    ['is under a file', '/etc/passwd/writeback'],
    ['has a name longer than any', `/${'x'.repeat(5000)}`],
    ['is given more than a system takes', JSON.stringify(['node', 'x'.repeat(3_000_000)])],
  ])('that %s has not begun: the proposal stays approved', async (_, command) => {
    const { id } = await approved('honest', { command })

    expect(await refusal(loop.runner.apply(id))).toMatchObject({
      code: 'HANDLER_UNAVAILABLE',
      details: { reason: 'not_executable' },
    })
    expect(await statusOf(loop, { id })).toBe('approved')
  })

  it.each(['[]', '[""]', '["node", 7]', '{"node":1}', '["node"', '["a\\u0000b"]'])(
    'is not named by %s',
    async (command) => {
      const { id } = await approved('honest', { command })

      expect(['EXECUTOR_UNAVAILABLE', 'HANDLER_UNAVAILABLE']).toContain((await refusal(loop.runner.apply(id))).code)
      expect(noted()).toEqual([])
    },
  )

  it('is asked for a rehearsal in its request', async () => {
    const { id } = await approved('garbage')

    expect((await refusal(loop.runner.apply(id, { dry_run: true }))).code).toBe('OUTCOME_UNKNOWN')
    expect(await settled(id)).toMatchObject({ status: 'applied' })
  })
})

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}
