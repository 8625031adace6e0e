import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { requestOf } from './requests.js'
import { openSqliteWorld, type SqliteHandlerWorld } from './sqlite-world.js'

const program = fileURLToPath(new URL('./command-program.ts', import.meta.url))

async function run(input: string, manner = '') {
  const child = spawn(process.execPath, ['--import', 'tsx', program, world.path, manner], { stdio: 'pipe' })
  child.stdin.on('error', () => undefined).end(input)
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { stdout, stderr, code: child.exitCode }
}

let world: SqliteHandlerWorld
beforeAll(async () => {
  world = await openSqliteWorld()
})
afterAll(() => world.drop())
beforeEach(async () => {
  await world.sql('update invoices set late_fee = 1500, version = 7')
  await world.sql('delete from credits')
})

const credits = async () => (await world.sql('select * from credits')).length

describe('a program that performs changes', () => {
  it('writes one answer and nothing else to stdout, and does the work once', async () => {
    const request = JSON.stringify(requestOf({ key: 'wrp_command' }))
    const first = await run(request)
    expect(first.code).toBe(0)
    expect(JSON.parse(first.stdout)).toMatchObject({ status: 'applied', rows_affected: 2, new_version: 8 })
    expect(first.stderr).toContain('a line of the app')
    expect(JSON.parse((await run(request)).stdout)).toMatchObject({ status: 'already_applied' })
    expect(await credits()).toBe(1)
  })

  it('answers a refusal of the app, which keeps nothing', async () => {
    const { stdout, code } = await run(JSON.stringify(requestOf()), 'refuse')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ status: 'failed', safe_error_code: 'PERIOD_CLOSED', key_settled: true })
    expect(await credits()).toBe(0)
  })

  it.each([
    ['is no JSON', '{', 'JSON_INVALID'],
    ['is for another capability', JSON.stringify(requestOf({ capability: 'billing.other' })), 'CAPABILITY_NOT_FOUND'],
    ['is too large', 'x'.repeat(2 ** 20 + 1), 'BODY_TOO_LARGE'],
  ])('turns a request away that %s', async (_, input, safe_error_code) => {
    const { stdout, code } = await run(input)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ status: 'failed', safe_error_code, source_database_mutated: false })
  })

  it('says nothing where the app threw, and ends with 1', async () => {
    const { stdout, stderr, code } = await run(JSON.stringify(requestOf()), 'throw')
    expect({ stdout, code }).toEqual({ stdout: '', code: 1 })
    expect(stderr).not.toContain('canary')
    expect(await credits()).toBe(0)
  })

  it('ends with 75 while somebody else holds the database', async () => {
    const release = await world.hold('INV-1')
    const { stdout, code } = await run(JSON.stringify(requestOf()))
    await release()
    expect({ stdout, code }).toEqual({ stdout: '', code: 75 })
  })
})
