import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSqlite } from '../../../src/drivers/sqlite-library.js'
import type { Ledger } from '../../../src/ledger/ledger.js'
import { openSqliteLedger } from '../../../src/ledger/sqlite.js'
import { SCHEMA_VERSION } from '../../../src/ledger/sqlite-schema.js'
import { recordSample, sampleCreation, sampleEvidence } from '../../../src/testing/ledger-samples.js'
import { emptyFolder, giveAway, removeFolder } from './folder.js'
import { start, startLimited } from './processes.js'

let folder = ''
let path = ''
const opened: Ledger[] = []

beforeEach(() => {
  folder = emptyFolder()
  path = join(folder, 'ledger.db')
})

afterEach(async () => {
  await Promise.all(opened.splice(0).map((ledger) => ledger.close()))
  removeFolder(folder)
})

function open(options: Partial<Parameters<typeof openSqliteLedger>[0]> = {}): Ledger {
  const ledger = openSqliteLedger({ path, ...options })
  opened.push(ledger)
  return ledger
}

/** Runs SQL on the file behind the ledger's back. */
async function meddle(sql: string): Promise<void> {
  const database = await openSqlite(path, { mode: 'write' })
  database.exec(sql)
  database.close()
}

const UNAVAILABLE = { code: 'LEDGER_UNAVAILABLE', retry: 'same_request' }

describe('the file of a ledger', () => {
  it('is not touched until the ledger is used', () => {
    open()
    expect(existsSync(path)).toBe(false)
  })

  it('is made with its folder, for the owner alone, and its creation is told once', async () => {
    path = join(folder, 'a', 'b', 'ledger.db')
    const told: unknown[] = []
    const logger = { info: (message: string, details?: unknown) => told.push([message, details]) }

    await recordSample(open({ logger }), { number: 1 })
    await recordSample(open({ logger }), { number: 2 })

    for (const file of [path, `${path}-wal`, `${path}-shm`]) expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o700)
    expect(told).toEqual([[`Created the ledger ${path}.`, undefined]])
  })

  it('is opened once by many first uses at the same time', async () => {
    const told: string[] = []
    const ledger = open({ logger: { info: (message) => told.push(message) } })
    await Promise.all(Array.from({ length: 20 }, (_, place) => recordSample(ledger, { number: place + 1 })))
    expect(told).toHaveLength(1)
    expect(await ledger.stats()).toMatchObject({ evidence: 20, location: path })
  })

  it('may be an empty one', async () => {
    writeFileSync(path, '')
    await recordSample(open(), { number: 1 })
  })

  it('may be a symbolic link to a place elsewhere', async () => {
    const elsewhere = join(folder, 'elsewhere.db')
    writeFileSync(elsewhere, '')
    symlinkSync(elsewhere, path)
    await recordSample(open(), { number: 1 })
    expect(statSync(elsewhere).size).toBeGreaterThan(0)
  })

  it('holds everything by itself once the ledger is closed', async () => {
    const ledger = open()
    for (let number = 1; number <= 5; number++) await ledger.append(sampleCreation({ number }))
    await ledger.close()

    const copy = join(folder, 'copy.db')
    copyFileSync(path, copy)

    expect(await open({ path: copy }).verify()).toEqual({ ok: true, entries: 5, problems: [] })
  })

  it('can be read by an auditor: its payloads are JSON in UTF-8', async () => {
    const ledger = open()
    await ledger.append(sampleCreation({ number: 1 }))
    await ledger.close()
    const text = readFileSync(path, 'utf8')
    expect(text).toContain(sampleEvidence({ number: 1 }).text)
    expect(text).toContain('Müller & Söhne 🧾')
  })
})

describe('a place where no ledger can be', () => {
  it.each([
    ['a folder', () => mkdirSync(path)],
    ['a text file', () => writeFileSync(path, 'These are my notes and no ledger at all. '.repeat(100))],
    [
      'a folder that is a file',
      () => {
        writeFileSync(join(folder, 'file'), '')
        path = join(folder, 'file', 'ledger.db')
      },
    ],
    ['a symbolic link to nowhere', () => symlinkSync(join(folder, 'none', 'ledger.db'), path)],
    [
      'no regular file',
      () => {
        path = '/dev/null'
      },
    ],
  ])('is refused with what to do: %s', async (_, prepare) => {
    prepare()
    const ledger = open()
    await expect(ledger.append(sampleCreation({ number: 1 }))).rejects.toMatchObject({
      ...UNAVAILABLE,
      next: expect.stringMatching(/\.$/),
      message: 'The ledger cannot be used.',
      details: {},
      cause: expect.objectContaining({ message: expect.stringContaining(path) }),
    })
  })

  it("is another program's database, which stays as it is", async () => {
    const database = await openSqlite(path, { mode: 'create' })
    database.exec('create table customers (id integer primary key)')
    database.close()

    await expect(open().stats()).rejects.toMatchObject({
      ...UNAVAILABLE,
      next: expect.stringContaining('another program'),
    })

    const again = await openSqlite(path, { mode: 'read' })
    expect(again.prepare('select name from sqlite_schema').all()).toEqual([{ name: 'customers' }])
    again.close()
  })

  it.each([
    ['the file may not be written', () => chmodSync(path, 0o400)],
    ['the folder may not be written', () => chmodSync(folder, 0o500)],
    ['the file may not be read', () => chmodSync(path, 0o000)],
  ])('is refused when %s', async (_, forbid) => {
    await recordSample(open(), { number: 1 })
    await opened[0]?.close()
    for (const leftover of [`${path}-wal`, `${path}-shm`]) rmSync(leftover, { force: true })
    const size = statSync(path).size
    for (const owned of [folder, path]) giveAway(owned)
    forbid()

    const worker = start('unprivileged-worker.ts', path)
    await worker.ended

    chmodSync(folder, 0o700)
    expect(JSON.parse(worker.output())).toMatchObject({
      code: 'LEDGER_UNAVAILABLE',
      next: expect.stringMatching(/access|writable/),
    })
    expect(statSync(path).size).toBe(size)
  })
})

describe('a full disk', () => {
  it('refuses the append, and what was acknowledged is there', async () => {
    const worker = startLimited('filling-worker.ts', path, 400)
    await worker.ended

    const { acknowledged, error } = JSON.parse(worker.output())
    expect(error).toMatchObject({ ...UNAVAILABLE, next: expect.stringMatching(/disk/) })
    expect(acknowledged).toBeGreaterThan(0)
    expect(await open().verify()).toEqual({ ok: true, entries: acknowledged, problems: [] })
  })
})

describe('a ledger file that changes under an open ledger', () => {
  it('refuses decisions when the file was removed, and makes no new one in its place', async () => {
    const ledger = open()
    await ledger.append(sampleCreation({ number: 1 }))
    for (const file of [path, `${path}-wal`, `${path}-shm`]) rmSync(file)

    await expect(ledger.append(sampleCreation({ number: 2 }))).rejects.toMatchObject(UNAVAILABLE)

    expect(existsSync(path)).toBe(false)
  })

  it('refuses decisions when another file stands in its place', async () => {
    const ledger = open()
    await ledger.append(sampleCreation({ number: 1 }))
    renameSync(path, join(folder, 'moved.db'))
    writeFileSync(path, '')
    await expect(ledger.append(sampleCreation({ number: 2 }))).rejects.toMatchObject(UNAVAILABLE)
  })

  it('refuses decisions when a newer version has migrated it', async () => {
    const ledger = open()
    await ledger.append(sampleCreation({ number: 1 }))
    await meddle(`pragma user_version = ${SCHEMA_VERSION + 1}`)
    await expect(ledger.append(sampleCreation({ number: 2 }))).rejects.toMatchObject({ code: 'LEDGER_TOO_NEW' })
  })
})

describe('the schema of a ledger file', () => {
  it('is refused when it is newer, by migrate as well', async () => {
    await recordSample(open(), { number: 1 })
    await meddle(`pragma user_version = ${SCHEMA_VERSION + 1}`)
    await expect(open().stats()).rejects.toMatchObject({ code: 'LEDGER_TOO_NEW' })
    await expect(open().migrate()).rejects.toMatchObject({ code: 'LEDGER_TOO_NEW' })
  })

  it('is refused when it is older, until it is migrated', async () => {
    const database = await openSqlite(path, { mode: 'create' })
    database.exec(`pragma application_id = ${0x53796e4c}; create table placeholder (id integer)`)
    database.close()
    const ledger = open()
    await expect(ledger.append(sampleCreation({ number: 1 }))).rejects.toMatchObject({
      code: 'LEDGER_OUTDATED',
      next: expect.stringContaining('migrate'),
    })

    await ledger.migrate()

    expect(await ledger.append(sampleCreation({ number: 1 }))).toHaveLength(1)
    expect(await ledger.stats()).toMatchObject({ schema_version: SCHEMA_VERSION })
  })

  it('is made by migrate where there is none', async () => {
    await open().migrate()
    expect(await open().verify()).toEqual({ ok: true, entries: 0, problems: [] })
  })
})

describe('a backup', () => {
  it('is a whole ledger, for the owner alone', async () => {
    const ledger = open()
    for (let number = 1; number <= 3; number++) await ledger.append(sampleCreation({ number }))
    const backup = join(folder, 'backup.db')

    await ledger.backup(backup)
    await ledger.append(sampleCreation({ number: 4 }))

    expect(statSync(backup).mode & 0o777).toBe(0o600)
    expect(await open({ path: backup }).verify()).toEqual({ ok: true, entries: 3, problems: [] })
  })

  it('never overwrites a file', async () => {
    const ledger = open()
    const backup = join(folder, 'backup.db')
    writeFileSync(backup, 'precious')
    await expect(ledger.backup(backup)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    expect(readFileSync(backup, 'utf8')).toBe('precious')
  })

  it('leaves nothing behind when it cannot be made', async () => {
    const ledger = open()
    await expect(ledger.backup(join(folder, 'none', 'backup.db'))).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' })
    expect(existsSync(join(folder, 'none'))).toBe(false)
  })
})
