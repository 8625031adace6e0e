import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '../local/free-port.js'
import { run } from '../local/run.js'
import { createRunDirectory, giveTo, removeRunDirectory } from '../local/run-directory.js'
import { serve } from '../local/serve.js'
import type { ServerOptions, StartedServer } from '../server.js'
import { loginToPostgres } from './login.js'
import { findPostgres } from './programs.js'

const environment = { LC_ALL: 'C' }

/** Starts a PostgreSQL of our own, on a free port and in a directory of its own. */
export async function startPostgres(options: ServerOptions): Promise<StartedServer> {
  const directory = await createRunDirectory('postgres', options.account)
  try {
    return await startIn(directory, options)
  } catch (error) {
    await removeRunDirectory(directory)
    throw error
  }
}

async function startIn(directory: string, { account, durable }: ServerOptions): Promise<StartedServer> {
  const programs = await findPostgres(account, directory)
  const data = join(directory, 'data')
  const password = randomBytes(16).toString('hex')
  const passwordFile = join(directory, 'password')
  await writeFile(passwordFile, password, { mode: 0o600 })
  await giveTo(passwordFile, account)

  await run(
    join(programs.directory, 'initdb'),
    [
      ...['-D', data, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`],
      ...['-E', 'UTF8', '--locale=C', '--no-sync', '--no-instructions'],
    ],
    { cwd: directory, env: { ...process.env, ...environment }, ...account },
  )

  const port = await freePort()
  const adminUrl = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`
  const { login, stop } = await serve({
    command: join(programs.directory, 'postgres'),
    args: ['-D', data, '-p', String(port), ...settings(durable).flatMap((setting) => ['-c', setting])],
    environment,
    directory,
    account,
    // Its files are removed next, so there is no reason to write a last checkpoint.
    stopSignal: 'SIGQUIT',
    login: () => loginToPostgres(adminUrl),
  })
  return { adminUrl, version: login.version, source: programs.source, stop }
}

function settings(durable: boolean): readonly string[] {
  const synchronous = durable ? 'on' : 'off'
  return [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    `fsync=${synchronous}`,
    `synchronous_commit=${synchronous}`,
    `full_page_writes=${synchronous}`,
  ]
}
