import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { serveHttp } from '../../../../adapters/mcp/index.js'
import { createDesk, type Desk } from '../../../support/cli.js'
import { projectRoot, runCommand } from '../../../support/command.js'
import { serveEverything } from './fixture-server.js'

let desk: Desk
let results = ''

beforeAll(async () => {
  desk = await createDesk()
  results = mkdtempSync(join(tmpdir(), 'synapsor-conformance-'))
})

afterAll(async () => {
  rmSync(results, { recursive: true, force: true })
  await desk.close()
})

const HERE = 'test/integration/mcp/conformance'

/** A listed failure that is none any more fails, too. */
function conformance(url: string, expectedFailures: string) {
  const baseline = join(projectRoot, HERE, expectedFailures)
  return runCommand(
    'conformance',
    ...['server', '--url', url, '--suite', 'all'],
    ...['--expected-failures', baseline, '--output-dir', results],
  )
}

it('the fixture server passes the whole suite through our gate, sessions and streams', async () => {
  const server = await serveEverything(desk.agent())
  try {
    const { exitCode, output } = await conformance(server.url, 'fixture-expected-failures.yml')
    expect(exitCode, output).toBe(0)
  } finally {
    await server.close()
  }
})

it('our own server passes what applies to it', async () => {
  const server = await serveHttp(desk.agent(), { auth: 'insecure_loopback', port: 0 })
  try {
    const { exitCode, output } = await conformance(server.url, 'server-expected-failures.yml')
    expect(exitCode, output).toBe(0)
  } finally {
    await server.close()
  }
})
