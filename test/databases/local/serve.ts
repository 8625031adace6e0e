import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Account } from './account.js'
import { noteServer, removeRunDirectory } from './run-directory.js'

const startTimeout = 60_000
const stopTimeout = 5_000

export interface Service<Login> {
  readonly command: string
  readonly args: readonly string[]
  readonly environment: NodeJS.ProcessEnv
  readonly directory: string
  readonly account: Account
  /** What the server understands as: stop now, without waiting for anyone. */
  readonly stopSignal: NodeJS.Signals
  /** Logs in; rejects while the server cannot be used yet. */
  login(): Promise<Login>
}

/** Starts a server, waits until one can log in, and returns what the login told. */
export async function serve<Login>(service: Service<Login>): Promise<{ login: Login; stop(): Promise<void> }> {
  const logPath = join(service.directory, 'server.log')
  const child = await launch(service, logPath)
  const endWithUs = (): void => void child.kill(service.stopSignal)
  process.once('exit', endWithUs)

  const stop = async (): Promise<void> => {
    process.off('exit', endWithUs)
    await end(child, service.stopSignal)
    await removeRunDirectory(service.directory)
  }

  try {
    const login = await loginWithin(startTimeout, child, service)
    return { login, stop }
  } catch (error) {
    const log = await readFile(logPath, 'utf8')
    await stop()
    throw new Error(`${service.command} did not start.\n${log.trim().slice(-3000)}`, { cause: error })
  }
}

async function launch<Login>(service: Service<Login>, logPath: string): Promise<ChildProcess> {
  const log = await open(logPath, 'a')
  try {
    const child = spawn(service.command, service.args, {
      stdio: ['ignore', log.fd, log.fd],
      env: { ...process.env, ...service.environment },
      cwd: service.directory,
      ...service.account,
    })
    await once(child, 'spawn')
    // The process that started a server may end on its own; nothing but `stop` waits for the server.
    child.unref()
    if (child.pid !== undefined) await noteServer(service.directory, child.pid)
    return child
  } finally {
    await log.close()
  }
}

async function loginWithin<Login>(timeout: number, child: ChildProcess, service: Service<Login>): Promise<Login> {
  const deadline = Date.now() + timeout
  for (;;) {
    try {
      return await service.login()
    } catch (error) {
      if (hasEnded(child) || Date.now() > deadline) throw error
      await sleep(25)
    }
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (hasEnded(child)) return
  const exit = once(child, 'exit')
  child.ref()
  child.kill(signal)
  const force = setTimeout(() => child.kill('SIGKILL'), stopTimeout)
  await exit
  clearTimeout(force)
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}
