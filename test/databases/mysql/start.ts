import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '../local/free-port.js'
import { run } from '../local/run.js'
import { createRunDirectory, giveTo, removeRunDirectory } from '../local/run-directory.js'
import { serve } from '../local/serve.js'
import type { ServerOptions, StartedServer } from '../server.js'
import { loginToMysql } from './login.js'
import { findMariadb, type MariadbPrograms, systemTableScript } from './programs.js'

/** Starts a MariaDB of our own, on a free port and in a directory of its own. */
export async function startMariadb(options: ServerOptions): Promise<StartedServer> {
  const directory = await createRunDirectory('mariadb', options.account)
  try {
    return await startIn(directory, options)
  } catch (error) {
    await removeRunDirectory(directory)
    throw error
  }
}

async function startIn(directory: string, { account, durable }: ServerOptions): Promise<StartedServer> {
  const programs = await findMariadb(account, directory)
  const data = join(directory, 'data')
  const temporary = join(directory, 'tmp')
  for (const path of [data, temporary]) {
    await mkdir(path)
    await giveTo(path, account)
  }
  const common = [
    '--no-defaults',
    `--datadir=${data}`,
    `--tmpdir=${temporary}`,
    `--lc-messages-dir=${programs.shareDirectory}`,
    '--innodb-log-file-size=48M',
  ]

  await run(programs.command, [...common, '--bootstrap', '--skip-log-bin', '--innodb-flush-method=nosync'], {
    input: await systemTables(programs),
    cwd: directory,
    env: { ...process.env, ...programs.environment },
    ...account,
  })

  const password = randomBytes(16).toString('hex')
  const passwordFile = join(directory, 'password.sql')
  await writeFile(passwordFile, setPassword(password), { mode: 0o600 })
  await giveTo(passwordFile, account)

  const port = await freePort()
  const adminUrl = `mysql://root:${password}@127.0.0.1:${port}/mysql`
  const { login, stop } = await serve({
    command: programs.command,
    args: [
      ...common,
      `--init-file=${passwordFile}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${join(directory, 'socket')}`,
      `--pid-file=${join(directory, 'pid')}`,
      '--skip-name-resolve',
      '--max-connections=300',
      '--character-set-server=utf8mb4',
      ...(durable
        ? ['--innodb-flush-log-at-trx-commit=1', '--innodb-flush-method=O_DIRECT']
        : ['--innodb-flush-log-at-trx-commit=0', '--innodb-flush-method=nosync']),
    ],
    environment: programs.environment,
    directory,
    account,
    stopSignal: 'SIGTERM',
    login: () => loginToMysql(adminUrl),
  })
  return { adminUrl, version: login.version, source: programs.source, stop }
}

/** What the install script would feed to the server; that script itself is not in the package. */
async function systemTables({ shareDirectory }: MariadbPrograms): Promise<string> {
  const names = ['system_tables', 'performance_tables', 'system_tables_data']
  const scripts = await Promise.all(names.map((name) => readFile(systemTableScript(shareDirectory, name), 'utf8')))
  return [
    'create database mysql;',
    'use mysql;',
    'set @auth_root_socket = null;',
    'set @skip_auth_anonymous = 1;',
    ...scripts,
  ].join('\n')
}

function setPassword(password: string): string {
  const hosts = ['localhost', '127.0.0.1', '::1']
  return hosts.map((host) => `alter user root@'${host}' identified by '${password}';\n`).join('')
}
