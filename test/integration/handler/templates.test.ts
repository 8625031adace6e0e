import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import ts from 'typescript'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { HANDLER_TEMPLATES } from '../../../src/cli/handler-templates/index.js'
import { handlerMigration } from '../../../src/handler/index.js'
import { projectRoot } from '../../support/command.js'
import { createPostgresWorld, type PostgresWorld } from '../../support/databases.js'
import { requestOf, SECRET, signed, TOKEN } from './requests.js'

let world: PostgresWorld
let folder: string
const children: ChildProcess[] = []

beforeAll(async () => {
  const schemaSql = `create table invoices (id text primary key, tenant_id text, late_fee_cents integer, version bigint);
    insert into invoices values ('INV-1', 'acme', 1500, 7); ${handlerMigration('postgres')}`
  const grants = ({ writer }: { writer: string }) => `grant create on schema public to ${writer};
    grant select, insert, update on all tables in schema public to ${writer}`
  world = await createPostgresWorld({ schemaSql, grants })
  folder = mkdtempSync(join(tmpdir(), 'synapsor-templates-'))
  install(folder)
})
afterEach(async () => {
  for (const child of children.splice(0)) {
    const end = once(child, 'close')
    if (child.exitCode === null && child.signalCode === null && child.kill()) await end
  }
  await world.admin.query('update invoices set late_fee_cents = 1500, version = 7')
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await world.drop()
})

/** The sources under the name of the package, and the clients and frameworks. */
function install(where: string): void {
  const modules = join(where, 'node_modules')
  const runner = join(modules, '@synapsor', 'runner')
  mkdirSync(runner, { recursive: true })
  mkdirSync(join(modules, '@types'))
  const sources = join(projectRoot, 'src', 'handler', 'index.ts')
  const exports = { './handler': { types: './handler.d.ts', default: './handler.js' } }
  writeFileSync(join(runner, 'package.json'), JSON.stringify({ name: '@synapsor/runner', type: 'module', exports }))
  writeFileSync(join(runner, 'handler.js'), `export * from ${JSON.stringify(pathToFileURL(sources).href)}\n`)
  writeFileSync(join(runner, 'handler.d.ts'), `export * from ${JSON.stringify(sources.replace(/\.ts$/, '.js'))}\n`)
  for (const name of ['pg', 'fastify', 'hono', '@hono', '@types/pg', '@types/node']) {
    symlinkSync(join(projectRoot, 'node_modules', name), join(modules, name))
  }
}

const node = ['node-fastify', 'node-hono', 'command']

function write(name: string, file: string): string {
  const path = join(folder, file)
  writeFileSync(path, HANDLER_TEMPLATES[name]?.content ?? '')
  return path
}

const capability = 'billing.propose_late_fee_waiver'
const patch = { late_fee_cents: 0 }

function bodyOf(key: string): string {
  const request = requestOf({ key, capability, before: { late_fee_cents: 1500 } })
  return JSON.stringify({ ...request, change_set: { ...request.change_set, patch, after: patch } })
}

const invoice = async () => (await world.admin.query('select late_fee_cents, version from invoices')).rows[0]

describe('the templates for Node.js', () => {
  it('are TypeScript as they stand', () => {
    const paths = node.map((name) => write(name, `${name}.mts`))
    const program = ts.createProgram(paths, {
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      target: ts.ScriptTarget.ES2023,
      lib: ['lib.es2023.d.ts'],
      types: ['node'],
      typeRoots: [join(folder, 'node_modules', '@types')],
      strict: true,
      skipLibCheck: true,
      noEmit: true,
    })
    const wrong = paths.flatMap((path) => ts.getPreEmitDiagnostics(program, program.getSourceFile(path)))
    expect(wrong.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([])
  })

  it.each(['node-fastify', 'node-hono'])('perform a change over HTTP, once: %s', async (name) => {
    const port = await freePort()
    const path = write(name, `${name}.mjs`)
    const env = { DATABASE_URL: world.writerUrl, HANDLER_TOKEN: TOKEN, HANDLER_SECRET: SECRET, PORT: String(port) }
    const child = start([path], env)
    await hears(child, 'Takes approved changes')
    const body = bodyOf(`wrp_${name}`)
    const deliver = async (headers: Record<string, string>) => {
      const given = { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}`, ...headers }
      const response = await fetch(`http://127.0.0.1:${port}/writeback`, { method: 'POST', headers: given, body })
      return { status: response.status, answer: JSON.parse(await response.text()) }
    }
    expect(await deliver({})).toMatchObject({ status: 401 })
    expect(await deliver(signed(body))).toMatchObject({ status: 200, answer: { status: 'applied', new_version: 8 } })
    expect(await deliver(signed(body))).toMatchObject({ status: 200, answer: { status: 'already_applied' } })
    expect(await invoice()).toEqual({ late_fee_cents: 0, version: '8' })
  })

  it('perform a change as a program: command', async () => {
    const child = start([write('command', 'command.mjs')], { DATABASE_URL: world.writerUrl })
    child.stdin?.end(bodyOf('wrp_command'))
    const out = child.stdout === null ? '' : await text(child.stdout)
    expect(JSON.parse(out)).toMatchObject({ status: 'applied', rows_affected: 1 })
    expect(await invoice()).toEqual({ late_fee_cents: 0, version: '8' })
  })
})

function start(args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  const tsx = import.meta.resolve('tsx')
  const child = spawn(process.execPath, ['--import', tsx, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  children.push(child)
  return child
}

async function hears(child: ChildProcess, words: string): Promise<void> {
  let said = ''
  for await (const chunk of child.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    said += chunk
    if (said.includes(words)) return
  }
  throw new Error(`It ended before it said so: ${said}`)
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
