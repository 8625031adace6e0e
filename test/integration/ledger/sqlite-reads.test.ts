import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { openSqlite } from '../../../src/drivers/sqlite-library.js'
import type { Ledger } from '../../../src/ledger/ledger.js'
import { openSqliteLedger } from '../../../src/ledger/sqlite.js'
import { recordSample, sampleAudit, sampleEvidence, sampleId } from '../../../src/testing/ledger-samples.js'
import { withFolder } from './folder.js'
import { start, startLimited, written } from './processes.js'

const minute = 60_000

/** Works with a ledger that is in use already, and its path. */
function withLedger(work: (ledger: Ledger, path: string) => Promise<void>, busy_timeout_ms = 5000): Promise<void> {
  return withFolder(async (folder) => {
    const path = join(folder, 'ledger.db')
    const ledger = openSqliteLedger({ path, busy_timeout_ms })
    await recordSample(ledger, { number: 1 })
    try {
      await work(ledger, path)
    } finally {
      await ledger.close()
    }
  })
}

function recordAll(ledger: Ledger, numbers: readonly number[]): Promise<PromiseSettledResult<void>[]> {
  return Promise.allSettled(numbers.map((number) => recordSample(ledger, { number })))
}

/** From `first` on, so many. */
function series(first: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, place) => first + place)
}

/** The numbers of all that is recorded, in the order of the file. */
async function recorded(path: string): Promise<readonly number[]> {
  const database = await openSqlite(path, { mode: 'read' })
  const rows = database.prepare('select bundle_id from reads order by seq').all()
  database.close()
  return rows.map(({ bundle_id }) => Number(String(bundle_id).slice('ev_'.length)))
}

describe('reads that are recorded at once', () => {
  it('stand in the order of the calls, however many they are', () =>
    withLedger(async (ledger, path) => {
      const numbers = series(2, 200)
      expect((await recordAll(ledger, numbers)).every(({ status }) => status === 'fulfilled')).toBe(true)
      expect(await recorded(path)).toEqual([1, ...numbers])
    }))

  it('share the work of a commit', () =>
    withLedger(async (ledger, path) => {
      const logged = async (record: () => Promise<unknown>) => {
        const before = statSync(`${path}-wal`).size
        await record()
        return statSync(`${path}-wal`).size - before
      }
      const apart = await logged(async () => {
        for (const number of series(100, 50)) await recordSample(ledger, { number })
      })
      expect(await logged(() => recordAll(ledger, series(200, 50)))).toBeLessThan(apart / 2)
    }))

  it('are answered when they are on record, and not before', () =>
    withLedger(async (ledger, path) => {
      const answered: Promise<void>[] = []
      for (const number of series(2, 70)) {
        const isThere = async () => {
          await recordSample(ledger, { number })
          expect(await recorded(path)).toContain(number)
        }
        answered.push(isThere())
      }
      await Promise.all(answered)
    }))

  it('are answered where the timers of a test stand still', () =>
    withLedger(async (ledger, path) => {
      vi.useFakeTimers()
      try {
        await recordAll(ledger, [2, 3])
      } finally {
        vi.useRealTimers()
      }
      expect(await recorded(path)).toEqual([1, 2, 3])
    }))

  it(
    'are answered by BUSY while another process holds the ledger, and are not on record then',
    { timeout: minute },
    () =>
      withLedger(async (ledger, path) => {
        const holder = start('lock-worker.ts', path)
        await written(holder, 'locked')

        let turns = 0
        const counting = setInterval(() => turns++, 1)
        const results = await recordAll(ledger, series(2, 70))
        clearInterval(counting)

        holder.process.stdin?.end()
        await holder.ended
        expect(results).toEqual(
          results.map(() => ({ status: 'rejected', reason: expect.objectContaining({ code: 'BUSY' }) })),
        )
        // However many wait, only one of them asks for the lock.
        expect(turns).toBeGreaterThan(10)
        await recordSample(ledger, { number: 99 })
        expect(await recorded(path)).toEqual([1, 99])
      }, 1000),
  )

  it('go on together as soon as the other process lets go', { timeout: minute }, () =>
    withLedger(async (ledger, path) => {
      const holder = start('lock-worker.ts', path)
      await written(holder, 'locked')

      const waiting = recordAll(ledger, series(2, 150))
      await sleep(50)
      holder.process.stdin?.end()

      expect((await waiting).every(({ status }) => status === 'fulfilled')).toBe(true)
      expect(await recorded(path)).toEqual(series(1, 151))
    }),
  )

  it.each([
    ['the first', 2],
    ['one in the middle', 40],
    ['the last', 101],
  ])('fail by nobody else: %s is refused', (_, bad) =>
    withLedger(async (ledger, path) => {
      const results = await Promise.allSettled(
        series(2, 100).map((number) =>
          recordSample(ledger, { number, ...(number === bad ? { tenant_id: 'acme\u0000globex' } : {}) }),
        ),
      )
      const refused = results.flatMap((result, place) => (result.status === 'rejected' ? [place + 2] : []))
      expect(refused).toEqual([bad])
      expect(await recorded(path)).toEqual(series(1, 101).filter((number) => number !== bad))
    }),
  )

  it('fail by nobody else where one brings another content under a known id', () =>
    withLedger(async (ledger, path) => {
      const other = sampleEvidence({ number: 1, tenant_id: 'globex' })
      const bad = ledger.recordRead(other, sampleAudit(other))
      const good = recordSample(ledger, { number: 2 })
      await expect(bad).rejects.toMatchObject({ code: 'INTERNAL' })
      await good
      expect(await recorded(path)).toEqual([1, 2])
    }))

  it('leave a transaction to others before it is too large', () =>
    withLedger(async (ledger, path) => {
      const large = (number: number) => {
        const { evidence, ...rest } = sampleEvidence({ number })
        const record = { ...rest, evidence, text: JSON.stringify('x'.repeat(700_000)) }
        return ledger.recordRead(record, sampleAudit({ ...rest, evidence }))
      }
      await Promise.all(series(2, 5).map(large))
      expect(await recorded(path)).toEqual(series(1, 6))
    }))
})

describe('a ledger that is closed while reads wait to be recorded', () => {
  it('records what was asked before, and refuses what is asked after', () =>
    withLedger(async (ledger, path) => {
      const before = recordAll(ledger, series(2, 70))
      const refused = recordSample(ledger, { number: 72, tenant_id: 'acme\u0000globex' })
      const closing = ledger.close()
      const after = recordAll(ledger, series(100, 2))
      await expect(refused).rejects.toThrow()
      await closing

      expect((await before).every(({ status }) => status === 'fulfilled')).toBe(true)
      expect(await after).toEqual(
        [0, 1].map(() => ({ status: 'rejected', reason: expect.objectContaining({ code: 'LEDGER_UNAVAILABLE' }) })),
      )
      expect(await recorded(path)).toEqual(series(1, 71))
    }))

  it('refuses them where it was not open yet, and answers all the same', () =>
    withFolder(async (folder) => {
      const ledger = openSqliteLedger({ path: join(folder, 'ledger.db') })
      const waiting = recordAll(ledger, [1, 2])
      await ledger.close()
      expect((await waiting).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    }))

  it('refuses them where another process holds it, and answers all the same', { timeout: minute }, () =>
    withLedger(async (ledger, path) => {
      const holder = start('lock-worker.ts', path)
      await written(holder, 'locked')
      const waiting = recordAll(ledger, series(2, 70))
      await ledger.close()
      expect((await waiting).every(({ status }) => status === 'rejected')).toBe(true)
      holder.process.stdin?.end()
      await holder.ended
      expect(await recorded(path)).toEqual([1])
    }),
  )
})

describe('a full disk', () => {
  it('refuses reads, and each that was answered is on record', { timeout: minute }, () =>
    withFolder(async (folder) => {
      const path = join(folder, 'ledger.db')
      const worker = startLimited('filling-reads-worker.ts', path, 400)
      await worker.ended

      const { answered, refused } = JSON.parse(worker.output())
      expect(refused).toEqual(refused.map(() => 'LEDGER_UNAVAILABLE'))
      expect(answered.length).toBeGreaterThan(20)
      const ledger = openSqliteLedger({ path })
      for (const number of answered) expect(await ledger.findEvidence(sampleId('ev', number))).toBeDefined()
      await ledger.close()
    }),
  )
})
