import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { openSqlite } from '../../../src/drivers/sqlite-library.js'
import type { Ledger } from '../../../src/ledger/ledger.js'
import { openSqliteLedger } from '../../../src/ledger/sqlite.js'
import { recordSample, sampleCreation } from '../../../src/testing/ledger-samples.js'
import { withFolder } from './folder.js'
import { start, startLimited, written } from './processes.js'

/** A ledger of three entries and so many megabytes, closed. */
async function fill(path: string, megabytes: number): Promise<void> {
  const ledger = openSqliteLedger({ path })
  for (let number = 1; number <= 3; number++) await ledger.append(sampleCreation({ number }))
  await ledger.close()
  const file = await openSqlite(path, { mode: 'write' })
  file.exec(`create table padding (content); insert into padding values (randomblob(${megabytes * 1_000_000}))`)
  file.close()
}

async function entriesOf(path: string): Promise<number> {
  const ledger = openSqliteLedger({ path })
  const { entries } = await ledger.verify()
  await ledger.close()
  return entries
}

it('has its name only once it is whole, also where it was cut off', () =>
  withFolder(async (folder) => {
    const path = join(folder, 'ledger.db')
    const copy = join(folder, 'copy.db')
    await fill(path, 60)
    const ofCopy = () => readdirSync(folder).filter((name) => name.startsWith('copy'))

    const worker = start('backup-worker.ts', path, copy)
    while (ofCopy().length === 0 && worker.process.exitCode === null) await sleep(1)
    worker.process.kill('SIGKILL')
    await worker.ended

    expect([undefined, 3]).toContain(existsSync(copy) ? await entriesOf(copy) : undefined)
    for (const name of ofCopy()) {
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
      rmSync(join(folder, name))
    }
    await expect(start('backup-worker.ts', path, copy).ended).resolves.toBe(0)
    expect(ofCopy()).toEqual(['copy.db'])
    expect(await entriesOf(copy)).toBe(3)
  }))

it('leaves nothing behind where the disk is full before it ends', () =>
  withFolder(async (folder) => {
    const path = join(folder, 'ledger.db')
    await fill(path, 4)

    const worker = startLimited('backup-worker.ts', path, 1000)
    await worker.ended

    expect(JSON.parse(worker.output())).toMatchObject({ code: 'LEDGER_UNAVAILABLE' })
    expect(readdirSync(folder).filter((name) => name.includes('copy'))).toEqual([])
  }))

it('vacuums only while nobody reads what was erased, and says so', () =>
  withFolder(async (folder) => {
    const path = join(folder, 'ledger.db')
    const ledger = openSqliteLedger({ path, busy_timeout_ms: 100 })
    await recordSample(ledger, { number: 1 })
    const reader = start('read-worker.ts', path)
    await written(reader, 'reading')

    await expect(ledger.vacuum()).rejects.toMatchObject({
      code: 'BUSY',
      next: expect.stringContaining('vacuum again'),
      message: expect.stringContaining('still in its files'),
    })

    reader.process.stdin?.end()
    await reader.ended
    await ledger.vacuum()
    expect(statSync(`${path}-wal`).size).toBe(0)
    await ledger.close()
  }))

it.each([
  ['a list', (ledger: Ledger) => ledger.listEntries({})],
  ['one record', (ledger: Ledger) => ledger.findReceipt('rct_1')],
])('notices at reads of %s, too, that another file has taken its place', (_, read) =>
  withFolder(async (folder) => {
    const path = join(folder, 'ledger.db')
    const ledger = openSqliteLedger({ path })
    await ledger.append(sampleCreation({ number: 1 }))
    const copy = join(folder, 'copy.db')
    await ledger.backup(copy)
    for (const file of [path, `${path}-wal`, `${path}-shm`]) rmSync(file)
    await expect(start('backup-worker.ts', copy, path).ended).resolves.toBe(0)

    const answer = () =>
      read(ledger).then(
        () => 'answered',
        (error: unknown) => error,
      )

    await expect.poll(answer, { timeout: 20_000 }).toMatchObject({ code: 'LEDGER_UNAVAILABLE' })
    expect(await answer()).toMatchObject({ code: 'LEDGER_UNAVAILABLE' })
    await ledger.close()
  }),
)
