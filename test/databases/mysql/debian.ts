import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { run, runs } from '../local/run.js'
import { report } from '../progress.js'

const cache = join(homedir(), '.cache', 'synapsor-test-databases')

/**
 * Fetches Debian's MariaDB server with the system's own apt and unpacks it in the user's cache.
 * Nothing is installed and nothing of the system's apt changes, so no root is needed.
 *
 * @returns the directory below which the package lies as it would below `/`.
 */
export async function unpackDebianMariadb(): Promise<string> {
  const root = join(cache, `mariadb-${process.arch}`)
  if (existsSync(root)) return root
  if (!(await runs('apt-get', ['--version']))) throw new Error(howToInstall('it is not installed'))

  report(`fetching MariaDB as a Debian package, about 8 MB, to be unpacked in ${root}`)
  await mkdir(cache, { recursive: true })
  const work = await mkdtemp(`${root}-`)
  try {
    const unpacked = await fetchInto(work)
    await moveInto(root, unpacked)
    return root
  } catch (error) {
    throw new Error(howToInstall(error instanceof Error ? error.message : String(error)), { cause: error })
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function fetchInto(work: string): Promise<string> {
  const packages = join(work, 'packages')
  const unpacked = join(work, 'root')
  for (const path of [packages, unpacked, join(work, 'lists/partial'), join(work, 'cache/archives/partial')]) {
    await mkdir(path, { recursive: true })
  }

  const apt = (...args: string[]): Promise<string> =>
    run('apt-get', ['-qq', ...privateApt(work), ...args], { cwd: packages })
  await apt('update')
  await apt('download', 'mariadb-server-core')
  const missing = await missingLibraries(packages)
  if (missing.length > 0) await apt('download', ...missing)

  for (const file of await readdir(packages)) await run('dpkg-deb', ['-x', join(packages, file), unpacked])
  return unpacked
}

/** Options that keep apt's lists and archives in a directory of ours. */
function privateApt(work: string): readonly string[] {
  return [
    `Dir::State::lists=${join(work, 'lists')}`,
    `Dir::Cache=${join(work, 'cache')}`,
    'APT::Sandbox::User=root',
    'APT::Update::Error-Mode=any',
    'Acquire::Retries=3',
    'Debug::NoLocking=1',
  ].flatMap((option) => ['-o', option])
}

/** The libraries the server depends on and this machine lacks; their names differ between releases. */
async function missingLibraries(packages: string): Promise<readonly string[]> {
  const [server = ''] = await readdir(packages)
  const depends = await run('dpkg-deb', ['-f', join(packages, server), 'Depends'])
  const libraries = [...depends.matchAll(/(?:^|, )(lib[a-z0-9.+-]+)/g)].flatMap(([, name]) => name ?? [])
  const present = await Promise.all(libraries.map(isInstalled))
  return libraries.filter((_, index) => !present[index])
}

async function isInstalled(name: string): Promise<boolean> {
  const description = await run('dpkg-query', ['-s', name]).catch(() => '')
  return description.includes('\nStatus: install ok installed')
}

async function moveInto(root: string, unpacked: string): Promise<void> {
  await rename(unpacked, root).catch((error: unknown) => {
    // Another run may have been faster; what it unpacked is the same.
    if (!existsSync(root)) throw error
  })
}

function howToInstall(reason: string): string {
  return (
    `No MariaDB for the tests: ${reason}. Install it (Debian: apt-get install --no-install-recommends ` +
    'mariadb-server-core, macOS: brew install mariadb), or name a running server in TEST_MYSQL_URL.'
  )
}
