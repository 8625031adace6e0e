import { existsSync } from 'node:fs'
import { cp, realpath } from 'node:fs/promises'
import { delimiter, dirname, join, resolve } from 'node:path'
import type { Account } from '../local/account.js'
import { runs } from '../local/run.js'
import { unpackDebianMariadb } from './debian.js'

/** A MariaDB server program with the files it needs beside it. */
export interface MariadbPrograms {
  readonly command: string
  /** Holds the scripts that create the system tables, and the error messages. */
  readonly shareDirectory: string
  readonly environment: NodeJS.ProcessEnv
  readonly source: string
}

/** Finds MariaDB: the system's, or Debian's package unpacked in the user's cache. */
export async function findMariadb(account: Account, runDirectory: string): Promise<MariadbPrograms> {
  const installed = await fromSystem()
  if (installed) return installed

  const root = await unpackDebianMariadb()
  const unpacked = programsBelow(root)
  if (await canRun(unpacked, account)) return unpacked

  // The account may not reach the cache in a home directory that only its owner may enter.
  const copy = join(runDirectory, 'mariadb')
  await cp(root, copy, { recursive: true, verbatimSymlinks: true })
  return programsBelow(copy)
}

async function fromSystem(): Promise<MariadbPrograms | undefined> {
  const directories = [
    ...(process.env.PATH ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
    '/usr/local/bin',
    '/opt/homebrew/bin',
    '/opt/homebrew/opt/mariadb/bin',
  ]
  const found = directories.map((directory) => join(directory, 'mariadbd')).find((path) => existsSync(path))
  if (found === undefined) return undefined

  const command = await realpath(found)
  const share = resolve(dirname(command), '../share')
  const shareDirectory = [join(share, 'mysql'), join(share, 'mariadb'), share].find(holdsSystemTables)
  return shareDirectory === undefined ? undefined : { command, shareDirectory, environment: {}, source: command }
}

function programsBelow(root: string): MariadbPrograms {
  const libraries = ['usr/lib', 'lib'].map((directory) => join(root, directory, debianTriplet()))
  return {
    command: join(root, 'usr/sbin/mariadbd'),
    shareDirectory: join(root, 'usr/share/mysql'),
    environment: { LD_LIBRARY_PATH: libraries.join(':') },
    source: 'Debian package, unpacked',
  }
}

function debianTriplet(): string {
  return process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu'
}

function holdsSystemTables(directory: string): boolean {
  return existsSync(systemTableScript(directory, 'system_tables'))
}

/** The path of one of the scripts that create the system tables; newer releases renamed them. */
export function systemTableScript(shareDirectory: string, name: string): string {
  const renamed = join(shareDirectory, `mariadb_${name}.sql`)
  return existsSync(renamed) ? renamed : join(shareDirectory, `mysql_${name}.sql`)
}

function canRun({ command, environment }: MariadbPrograms, account: Account): Promise<boolean> {
  return runs(command, ['--no-defaults', '--version'], { env: { ...process.env, ...environment }, ...account })
}
