import { once } from 'node:events'
import { createServer } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPostgresWorld, type PostgresWorld } from '../../support/databases.js'
import { selfSigned } from '../bad-luck/certificate.js'
import { type Console, createConsole, inspectionOf } from './inspect-world.js'

const SECRET = 'hunter2-hunter2'

let world: PostgresWorld
let terminal: Console
let impostor: ReturnType<typeof createServer>

beforeAll(async () => {
  world = await createPostgresWorld({
    schemaSql: 'create table orders (id integer primary key, tenant_id text not null)',
  })
  impostor = await openImpostor()
  const address = impostor.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const changed = (change: (url: URL) => void): string => {
    const url = new URL(world.readerUrl)
    url.password = SECRET
    change(url)
    return url.href
  }
  terminal = createConsole({
    READ_URL: world.readerUrl,
    NOBODY: changed((url) => (url.username = 'nobody_at_all')),
    NO_PORT: changed((url) => (url.port = '1')),
    NO_HOST: changed((url) => (url.hostname = 'no-such-host.invalid')),
    NO_DATABASE: changed((url) => {
      url.password = new URL(world.readerUrl).password
      url.pathname = '/no_such_database'
    }),
    PLAIN: changed((url) => url.searchParams.set('sslmode', 'require')),
    SELF_SIGNED: changed((url) => {
      url.host = `localhost:${port}`
      url.searchParams.set('sslmode', 'verify-full')
    }),
    NOT_A_URL: `server=db;password=${SECRET}`,
    REDIS: `redis://:${SECRET}@localhost:1`,
    MYSQL_AS_POSTGRES: `postgres:${SECRET}`,
  })
})

afterAll(async () => {
  terminal.close()
  impostor.close()
  await world.drop()
})

/** Says yes to TLS, and shows a certificate that nobody has heard of. */
async function openImpostor() {
  const { cert, key } = selfSigned('localhost')
  const secureContext = createSecureContext({ cert, key })
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => {
      socket.write('S')
      new TLSSocket(socket, { isServer: true, secureContext }).on('error', () => {})
    })
  })
  server.listen(0, 'localhost')
  await once(server, 'listening')
  return server
}

describe('a database that cannot be asked', () => {
  it.each([
    ['NOBODY', 'SOURCE_AUTH', /Check user and password/],
    ['NO_PORT', 'SOURCE_UNAVAILABLE', /Check that it runs/],
    ['NO_HOST', 'SOURCE_UNAVAILABLE', /Check that it runs/],
    ['NO_DATABASE', 'SOURCE_UNAVAILABLE', /Check that it runs/],
    ['PLAIN', 'SOURCE_TLS', /--ca-env/],
    ['SELF_SIGNED', 'SOURCE_TLS', /--ca-env/],
    ['NOT_A_URL', 'SOURCE_UNAVAILABLE', /holds no URL/],
    ['REDIS', 'SOURCE_UNAVAILABLE', /holds no URL/],
    ['UNSET', 'ENV_MISSING', /UNSET is not set/],
  ])('is told by code and remedy, and nothing of %s is said', async (name, code, words) => {
    for (const json of [[], ['--json']]) {
      const { exit_code, out, err } = await terminal.run(['--from-env', name, ...json])
      expect(exit_code).toBe(1)
      expect(out + err).toContain(code)
      expect(out + err).toMatch(words)
      for (const hidden of [SECRET, 'nobody_at_all', 'no-such-host', 'no_such_database', '127.0.0.1', '://:']) {
        expect(out + err).not.toContain(hidden)
      }
    }
  })

  it('is told when the engine is given and the URL is of another', async () => {
    const { err } = await terminal.run(['--engine', 'mysql', '--from-env', 'READ_URL'])
    expect(err).toContain('error SOURCE_UNAVAILABLE: The URL of source READ_URL is not one of MySQL.')
  })
})

describe('a URL where a name belongs', () => {
  const url = `postgres://reader:${SECRET}@db.example/shop`
  it.each([
    ['as an argument', [url]],
    ['as the variable', ['--from-env', url]],
    ['as the table', ['--from-env', 'READ_URL', '--table', url]],
    ['as the schema', ['--from-env', 'READ_URL', '--schema', url]],
    ['as the file', ['--path', url]],
    ['as the output', ['--from-env', 'READ_URL', '--output', url]],
    ['as the certificate', ['--from-env', 'READ_URL', '--ca-env', url]],
    ['as an option that there is not', ['--url', url]],
    ['behind an option that there is not', [`--url=${url}`]],
    ['as the engine', ['--engine', url]],
  ])('is refused %s and not said again', async (_, argv) => {
    const { exit_code, out, err } = await terminal.run(argv)
    expect([exit_code, out]).toEqual([2, ''])
    expect(err).not.toContain(SECRET)
  })

  it('comes with the remedy', async () => {
    const { err } = await terminal.run([url])
    expect(err).toContain('list of processes')
    expect(err).toContain('--from-env DATABASE_URL')
  })
})

describe('what is given', () => {
  it.each([
    ['nothing', []],
    ['a file and a server', ['--from-env', 'READ_URL', '--path', 'shop.db']],
    ['a file for a server', ['--engine', 'postgres', '--path', 'shop.db']],
    ['no file for SQLite', ['--engine', 'sqlite', '--from-env', 'READ_URL']],
    ['two tables', ['orders', '--table', 'orders', '--from-env', 'READ_URL']],
    ['an engine that there is not', ['--engine', 'oracle', '--from-env', 'READ_URL']],
  ])('is wrong usage: %s', async (_, argv) => {
    expect((await terminal.run(argv)).exit_code).toBe(2)
  })

  it('says nothing of the credential in the document either', async () => {
    const printed = await terminal.run(['--from-env', 'READ_URL', '--json'])
    const { username, password, port } = new URL(world.readerUrl)
    inspectionOf(printed)
    for (const hidden of [username, password, port].filter((each) => each !== ''))
      expect(printed.out).not.toContain(hidden)
  })
})
