import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openSqlite } from '../../../src/drivers/sqlite-library.js'
import { openSqliteLedger } from '../../../src/ledger/sqlite.js'
import { sampleAudit, sampleCreation, sampleEvidence } from '../../../src/testing/ledger-samples.js'
import { withFolder } from './folder.js'

const minute = 60_000

describe('the write-ahead log of a ledger', () => {
  it(
    'is carried into the file now and then, is cut back after it had to grow, and is gone at the end',
    { timeout: minute },
    () =>
      withFolder(async (folder) => {
        const path = join(folder, 'ledger.db')
        const ledger = openSqliteLedger({ path })
        await ledger.append(sampleCreation({ number: 1 }))
        const log = () => statSync(`${path}-wal`).size
        const fill = async (first: number, count: number) => {
          for (const number of Array.from({ length: count }, (_, place) => first + place)) {
            const record = sampleEvidence({ number })
            await ledger.recordRead({ ...record, text: JSON.stringify('x'.repeat(500_000)) }, sampleAudit(record))
          }
        }

        await fill(1000, 60)
        expect(log()).toBeLessThan(12 * 1024 * 1024)

        const reader = await openSqlite(path, { mode: 'read' })
        reader.exec('begin')
        reader.prepare('select count(*) from reads').get()
        await fill(2000, 60)
        expect(log()).toBeGreaterThan(24 * 1024 * 1024)
        reader.exec('rollback')
        reader.close()
        await fill(3000, 30)
        expect(log()).toBeLessThanOrEqual(16 * 1024 * 1024)

        await ledger.close()
        expect(existsSync(`${path}-wal`) ? log() : 0).toBe(0)
      }),
  )
})
