import { chown, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Account } from './account.js'
import { commandLineOf, endProcess, isAlive } from './process.js'

const prefix = 'synapsor-test-databases-'
const ownerFile = 'owner'
const serverFile = 'server'

/**
 * Creates a private directory for one server. It belongs to the account the server runs as and
 * names the process that has to end it.
 */
export async function createRunDirectory(engine: string, account: Account): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), `${prefix}${engine}-`))
  await writeFile(join(directory, ownerFile), String(process.pid))
  await giveTo(directory, account)
  return directory
}

/** Hands a path to the account the server runs as. */
export async function giveTo(path: string, { uid, gid }: Account): Promise<void> {
  if (uid !== undefined && gid !== undefined) await chown(path, uid, gid)
}

/** Notes which process serves from a directory, so that a later run can end it. */
export async function noteServer(directory: string, processId: number): Promise<void> {
  await writeFile(join(directory, serverFile), String(processId))
}

export async function removeRunDirectory(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true, maxRetries: 3 })
}

/** Ends the servers of runs that were killed before they could do so, and removes their files. */
export async function removeAbandonedRuns(account: Account): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(prefix))
  const directories = names.map((name) => join(tmpdir(), name))
  await Promise.all(directories.map((directory) => removeIfAbandoned(directory, account)))
}

async function removeIfAbandoned(directory: string, account: Account): Promise<void> {
  const { uid } = await stat(directory)
  // Others on this machine may run tests too.
  if (uid !== (account.uid ?? process.getuid?.() ?? uid)) return

  const owner = await readProcessId(join(directory, ownerFile))
  if (owner === undefined || isAlive(owner)) return

  const server = await readProcessId(join(directory, serverFile))
  // The number may have passed to another process since: only one that serves from here is ended.
  if (server !== undefined && (await commandLineOf(server)).includes(directory)) await endProcess(server)
  await removeRunDirectory(directory)
}

async function readProcessId(file: string): Promise<number | undefined> {
  const content = await readFile(file, 'utf8').catch(() => '')
  return /^\d+$/.test(content) && Number(content) > 1 ? Number(content) : undefined
}
