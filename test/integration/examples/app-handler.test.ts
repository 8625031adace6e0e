import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { exportedBy, heardUntil, leftInPostgres, PATIENT, printedIn, runExample, startKept } from './example.js'

const NAME = 'app-handler'

describe('examples/app-handler', PATIENT, () => {
  it('tells what its page says, and leaves nothing behind', async () => {
    const { exitCode, stdout } = await runExample(NAME)

    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: printedIn(NAME) })
    expect(await leftInPostgres('app_handler_')).toEqual([])
  })

  it('takes its app with it when somebody who kept it is done', async () => {
    const example = startKept(NAME)
    const ended = once(example, 'exit')
    const { APP_URL = '' } = await exportedBy(example)
    expect((await fetch(APP_URL)).status).toBe(405)

    example.kill('SIGINT')

    expect(await ended).toEqual([0, null])
    await expect(fetch(APP_URL)).rejects.toThrow()
    expect(await leftInPostgres('app_handler_')).toEqual([])
  })

  it('cleans up when it is interrupted while its app waits for a lock', async () => {
    const example = startKept(NAME)
    const ended = once(example, 'exit')
    await heardUntil(example, /the account changed meanwhile/)

    example.kill('SIGTERM')

    expect(await ended).toEqual([130, null])
    expect(await leftInPostgres('app_handler_')).toEqual([])
  })
})
