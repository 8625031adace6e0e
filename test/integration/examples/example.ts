/** Runs a reference app as a user does, and looks at what it leaves behind. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import mysql, { type RowDataPacket } from 'mysql2/promise'
import pg from 'pg'
import { inject } from 'vitest'
import { projectRoot } from '../../support/command.js'
import { type Ran, runNode } from '../../unit/docs/run-program.js'

/** The servers of the test run, where an example would start its own. */
function servers(): Record<string, string> {
  return { TEST_POSTGRES_URL: inject('postgresAdminUrl'), TEST_MYSQL_URL: inject('mysqlAdminUrl'), NO_COLOR: '1' }
}

/** Some start a dozen processes, one after the other, on a machine that does other things, too. */
export const PATIENT = { timeout: 300_000 }

export function runExample(name: string): Promise<Ran> {
  return runNode([`examples/${name}/main.ts`], { cwd: projectRoot, env: { ...servers(), OPENAI_API_KEY: '' } })
}

/** Starts an example that stays until it is told to go. */
export function startKept(name: string): ChildProcess {
  const args = ['--import', import.meta.resolve('tsx'), `examples/${name}/main.ts`, '--keep']
  const env = { ...process.env, ...servers() }
  return spawn(process.execPath, args, { cwd: projectRoot, env, stdio: ['ignore', 'pipe', 'pipe'] })
}

/** The variables that an example prints when it stays. */
export async function exportedBy(example: ChildProcess): Promise<Record<string, string>> {
  const heard = await heardUntil(example, /export SYNAPSOR_STORE=.*\n\n/)
  return Object.fromEntries([...heard.matchAll(/^export (\w+)='(.*)'$/gm)].map(([, name, value]) => [name, value]))
}

/** Waits until an example has printed what is looked for, and gives all that it has printed. */
export function heardUntil(example: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = ''
    example.stdout?.on('data', (chunk: Buffer) => {
      heard += chunk.toString()
      if (pattern.test(heard)) resolve(heard)
    })
    example.once('exit', () => reject(new Error(`The example ended, and had printed: ${heard}`)))
  })
}

/** What the page of an example says that it prints. */
export function printedIn(name: string): string {
  return /```text\n([\s\S]*?)```/.exec(pageOf(name))?.[1] ?? ''
}

/** The command lines that the page of an example tells to type. */
export function commandsIn(name: string): readonly string[] {
  return [...pageOf(name).matchAll(/^synapsor-runner (.+)$/gm)].map(([, words = '']) => words)
}

function pageOf(name: string): string {
  return readFileSync(join(projectRoot, 'examples', name, 'README.md'), 'utf8')
}

/** Databases and roles in PostgreSQL whose names begin so. */
export async function leftInPostgres(prefix: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: inject('postgresAdminUrl') })
  await client.connect()
  try {
    const names = 'select datname as name from pg_database union select rolname from pg_roles'
    const { rows } = await client.query<{ name: string }>(names)
    return rows.map(({ name }) => name).filter((name) => name.startsWith(prefix))
  } finally {
    await client.end()
  }
}

/** Databases and users in MariaDB whose names begin so. */
export async function leftInMariadb(prefix: string): Promise<readonly string[]> {
  const connection = await mysql.createConnection({ uri: inject('mysqlAdminUrl') })
  try {
    const names = 'select schema_name as name from information_schema.schemata union select user from mysql.user'
    const [rows] = await connection.query<RowDataPacket[]>(names)
    return rows.map(({ name }) => String(name)).filter((name) => name.startsWith(prefix))
  } finally {
    await connection.end()
  }
}
