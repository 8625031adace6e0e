import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { openSqlite } from '../../../src/drivers/sqlite-library.js'
import { answerWizard, type WizardAnswers } from '../../support/answer-wizard.js'
import { projectRoot } from '../../support/command.js'
import { createFolder, type Folder } from '../../support/onboarding.js'
import { openSampleDatabase, type SampleDatabase, type SampleEngine } from '../../support/sample-schemas.js'
import { openTerminal } from '../../support/terminal.js'
import { COMMON_ANSWERS, type Story } from './end-to-end-stories.js'

/** A sample database, and the folder in which somebody sat at the wizard. */
export interface Onboarding {
  readonly story: Story
  readonly database: SampleDatabase
  readonly folder: Folder
  readonly exit_code: number | null
  /** All that stood on the screen. */
  readonly screen: string
  /** Passwords that are in URLs of the environment, and may be nowhere else. */
  readonly secrets: readonly string[]
  /** Names of the generated roles. They exist once the administrator has run the SQL. */
  readonly roles: { readonly reader: string; readonly writer: string }
  /** What the one who set it up has in the environment: a login of the developers, and no writer. */
  readonly setup_env: Readonly<Record<string, string>>
  /** What the agent's and the worker's processes have: the generated roles. */
  readonly env: Readonly<Record<string, string>>
  /** Flags that no question is about. */
  readonly extra: readonly string[]
  /** Runs statements as an administrator. */
  run(sql: string): Promise<void>
  /** The administrator runs what was printed. */
  provision(): Promise<void>
  close(): Promise<void>
}

export const READ_URL = 'SYNAPSOR_DATABASE_READ_URL'
export const WRITE_URL = 'SYNAPSOR_DATABASE_WRITE_URL'

const ENGINES = { postgres: 'PostgreSQL', mysql: 'MySQL or MariaDB', sqlite: 'SQLite, a file' } as const

/** Loads a sample, and answers the wizard at a terminal of its own. Close it when done. */
export async function onboard(story: Story, engine: SampleEngine): Promise<Onboarding> {
  const database = await openSampleDatabase(story.schema, engine)
  const folder = createFolder()
  const logins = randomLogins()
  const { setup, reader, writer } = logins
  const close = async (): Promise<void> => {
    await dropLogins(database, Object.values(logins))
    await database.drop()
    folder.remove()
  }
  const caller = { SYNAPSOR_TENANT_ID: story.tenant, SYNAPSOR_PRINCIPAL: 'support_agent' }
  const has_roles = engine !== 'sqlite'
  const setup_env = has_roles ? { ...caller, [READ_URL]: urlFor(database, setup) } : caller
  const urls = has_roles ? { [READ_URL]: urlFor(database, reader), [WRITE_URL]: urlFor(database, writer) } : {}
  const extra = ['--save-selection', 'chosen.json', '--reader-role', reader.name, '--writer-role', writer.name]
  try {
    await createSetup(database, setup)
    const answers = answersFor(story, { engine, path: database.adminUrl })
    const words = [...story.command.split(' '), ...(story.command === 'start' ? placeOf(database) : []), ...extra]
    const { exit_code, screen } = await sitAtWizard({ folder, words, env: setup_env }, answers)
    return {
      story,
      database,
      folder,
      exit_code,
      screen,
      secrets: Object.values(logins).map(({ password }) => password),
      roles: { reader: reader.name, writer: writer.name },
      setup_env,
      env: { ...caller, ...urls },
      extra,
      run: (sql) => runIn(database, sql),
      provision: () => provision({ database, folder, story }, [reader, writer]),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

interface Login {
  readonly name: string
  readonly password: string
}

/** Roles are everybody's on a server, and other tests run on it. */
function randomLogins() {
  const mark = randomUUID().replaceAll('-', '').slice(0, 12)
  const login = (who: string): Login => ({ name: `${who}_${mark}`, password: `${who}-canary-${mark}` })
  return { setup: login('setup'), reader: login('reader'), writer: login('writer') }
}

function answersFor(story: Story, { engine, path }: { readonly engine: SampleEngine; readonly path: string }) {
  const place: WizardAnswers = {
    'Which engine?': { pick: ENGINES[engine] },
    'Which file': { type: path },
    'Which environment variable holds the URL of a role that reads?': 'as proposed',
  }
  return { ...place, ...COMMON_ANSWERS, ...story.answers }
}

/** The flags that say where the database is. */
export function placeOf({ engine, adminUrl }: SampleDatabase): readonly string[] {
  return engine === 'sqlite' ? ['--path', adminUrl] : ['--from-env', READ_URL]
}

interface Sitting {
  readonly folder: Folder
  readonly words: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

async function sitAtWizard({ folder, words, env }: Sitting, answers: WizardAnswers) {
  const { PATH = '', HOME = '' } = process.env
  const loader = join(projectRoot, 'node_modules/tsx/dist/loader.mjs')
  const program = [process.execPath, '--import', loader, join(projectRoot, 'src/cli/main.ts')]
  const at = openTerminal({ command: [...program, ...words], cwd: folder.path, env: { PATH, HOME, ...env } })
  try {
    const exit_code = await answerWizard(at, answers)
    return { exit_code, screen: at.shown() }
  } finally {
    at.close()
  }
}

/** A developer's login: sees every table, and has a password that must be shown nowhere. */
async function createSetup({ engine, adminUrl, rows }: SampleDatabase, { name, password }: Login): Promise<void> {
  if (engine === 'sqlite') return
  const database = new URL(adminUrl).pathname.slice(1)
  const statements =
    engine === 'postgres'
      ? `create role ${name} login superuser password '${password}'`
      : `create user ${name} identified by '${password}'; grant all privileges on ${database}.* to ${name}`
  await rows(statements)
}

function urlFor({ adminUrl }: SampleDatabase, { name, password }: Login): string {
  return Object.assign(new URL(adminUrl), { username: name, password }).href
}

async function runIn({ engine, adminUrl, rows }: SampleDatabase, sql: string): Promise<void> {
  if (engine !== 'sqlite') return void (await rows(sql))
  const file = await openSqlite(adminUrl, { mode: 'write', busy_timeout_ms: 1000 })
  file.exec(sql)
  file.close()
}

type Place = Pick<Onboarding, 'database' | 'folder' | 'story'>

/** Runs the SQL as it was printed, and gives the roles their passwords as it says. */
async function provision({ database, folder, story }: Place, logins: readonly Login[]) {
  if (database.engine === 'sqlite') {
    const { exit_code, err } = await folder.run(`migrations apply ${story.source} --yes`)
    if (exit_code !== 0) throw new Error(err)
    return
  }
  const sql = folder.read('synapsor.roles.sql')
  await database.rows(sql)
  for (const login of logins) await database.rows(passwordFor(login, sql))
}

/** What the comment of the file says for this role: in psql `\password`, which asks, and a statement elsewhere. */
function passwordFor({ name: role, password }: Login, sql: string): string {
  const line =
    sql.split('\n').find((each) => /^-- {3}(?:\\password|alter user)/.test(each) && each.includes(role)) ?? ''
  const said = line.replace(/^--\s+/, '')
  if (said.startsWith('alter user ')) return said.replace('<password>', password)
  if (said === `\\password "${role}"`) return `alter role "${role}" password '${password}'`
  throw new Error(`It is not said how ${role} gets a password.`)
}

async function dropLogins({ engine, rows }: SampleDatabase, logins: readonly Login[]): Promise<void> {
  if (engine === 'sqlite') return
  for (const { name } of logins) {
    if (engine === 'mysql') await rows(`drop user if exists ${name}`)
    else {
      const found = await rows(`select from pg_roles where rolname = '${name}'`)
      if (found.length > 0) await rows(`drop owned by ${name}; drop role ${name}`)
    }
  }
}
