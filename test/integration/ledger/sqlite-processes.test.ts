import { copyFileSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { openSqliteLedger } from '../../../src/ledger/sqlite.js'
import { recordSample, sampleCreation, sampleId } from '../../../src/testing/ledger-samples.js'
import { withFolder } from './folder.js'
import { start, written } from './processes.js'

const minute = 60_000

describe('a ledger that several processes write at once', () => {
  it('is one chain without a gap', { timeout: 3 * minute }, () =>
    withFolder(async (folder) => {
      const path = join(folder, 'ledger.db')
      const workers = [1, 2, 3, 4].map((worker) => start('append-worker.ts', path, `${worker * 1000}`, '125'))

      expect(await Promise.all(workers.map(({ ended }) => ended))).toEqual([0, 0, 0, 0])

      const ledger = openSqliteLedger({ path })
      expect(await ledger.verify()).toEqual({ ok: true, entries: 1500, problems: [] })
      expect(await ledger.stats()).toMatchObject({ proposals: 500, evidence: 500 })
      await ledger.close()
    }),
  )

  it('is made once when all of them are the first', { timeout: minute }, () =>
    withFolder(async (folder) => {
      const path = join(folder, 'sub', 'ledger.db')
      const made: string[] = []
      const ledgers = Array.from({ length: 8 }, () =>
        openSqliteLedger({ path, logger: { info: (message) => made.push(message) } }),
      )
      const workers = [1, 2].map((worker) => start('append-worker.ts', path, `${worker * 1000}`, '1'))

      await Promise.all(ledgers.map((ledger, place) => ledger.append(sampleCreation({ number: place + 1 }))))
      await Promise.all(workers.map(({ ended }) => ended))

      expect(made.length).toBeLessThanOrEqual(1)
      expect(await ledgers[0]?.verify()).toEqual({ ok: true, entries: 8 + 2 * 3, problems: [] })
      await Promise.all(ledgers.map((ledger) => ledger.close()))
    }),
  )

  it('answers BUSY when another process never lets go, while this one goes on', { timeout: minute }, () =>
    withFolder(async (folder) => {
      const path = join(folder, 'ledger.db')
      const ledger = openSqliteLedger({ path, busy_timeout_ms: 400 })
      await recordSample(ledger, { number: 1 })
      const holder = start('lock-worker.ts', path)
      await written(holder, 'locked')
      const ticks = countTicks()
      const began = performance.now()

      await expect(ledger.append(sampleCreation({ number: 1 }))).rejects.toMatchObject({
        code: 'BUSY',
        retry: 'same_request',
      })

      expect(performance.now() - began).toBeGreaterThanOrEqual(400)
      expect(ticks.stop()).toBeGreaterThan(15)
      holder.process.stdin?.end()
      await holder.ended
      expect(await ledger.append(sampleCreation({ number: 1 }))).toHaveLength(1)
      await ledger.close()
    }),
  )

  it('goes on as soon as the other process lets go', { timeout: minute }, () =>
    withFolder(async (folder) => {
      const path = join(folder, 'ledger.db')
      const ledger = openSqliteLedger({ path })
      await recordSample(ledger, { number: 1 })
      const holder = start('lock-worker.ts', path)
      await written(holder, 'locked')

      const waiting = ledger.append(sampleCreation({ number: 1 }))
      await sleep(50)
      holder.process.stdin?.end()

      expect(await waiting).toHaveLength(1)
      await ledger.close()
    }),
  )
})

describe('a ledger whose process is killed', () => {
  it('holds whole appends, and each that was acknowledged', { timeout: 5 * minute }, () =>
    withFolder(async (folder) => {
      const path = join(folder, 'ledger.db')
      const kills = Number(process.env.LEDGER_KILLS ?? 8)
      for (let kill = 1; kill <= kills; kill++) {
        const worker = start('append-worker.ts', path, `${kill * 100_000}`, '99999')
        await written(worker, '\n')
        await sleep(Math.random() * 60)
        worker.process.kill('SIGKILL')
        await worker.ended

        const ledger = openSqliteLedger({ path })
        expect(await ledger.verify()).toMatchObject({ ok: true, problems: [] })
        const acknowledged = worker.output().split('\n').slice(0, -1).map(Number)
        expect(acknowledged.length).toBeGreaterThan(0)
        for (const number of acknowledged) {
          expect(await ledger.findProposal(sampleId('wrp', number))).toMatchObject({ row: { status: 'applied' } })
        }
        await ledger.close()
      }
    }),
  )
})

describe('a ledger that lost the end of its write-ahead log', () => {
  it('holds a whole, shorter chain', { timeout: 3 * minute }, () =>
    withFolder(async (folder) => {
      const path = join(folder, 'ledger.db')
      const ledger = openSqliteLedger({ path })
      for (let number = 1; number <= 12; number++) await ledger.append(sampleCreation({ number }))
      const log = statSync(`${path}-wal`).size
      const lengths = new Set<number>()

      for (let attempt = 0; attempt < 60; attempt++) {
        const copy = join(folder, `copy-${attempt}.db`)
        copyFileSync(path, copy)
        copyFileSync(`${path}-wal`, `${copy}-wal`)
        truncateSync(`${copy}-wal`, Math.floor(Math.random() * log))

        const shorter = openSqliteLedger({ path: copy })
        const { ok, entries } = await shorter.verify()
        expect(ok).toBe(true)
        expect(await shorter.stats()).toMatchObject({ proposals: entries, evidence: entries })
        expect(await shorter.append(sampleCreation({ number: 99 }))).toHaveLength(1)
        await shorter.close()
        lengths.add(entries)
      }

      expect(lengths.size).toBeGreaterThan(3)
      await ledger.close()
    }),
  )
})

function countTicks() {
  let ticks = 0
  const timer = setInterval(() => {
    ticks += 1
  }, 10)
  return {
    stop: () => {
      clearInterval(timer)
      return ticks
    },
  }
}
