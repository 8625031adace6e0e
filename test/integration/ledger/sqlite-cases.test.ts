import { join } from 'node:path'
import { describe, it } from 'vitest'
import { openSqliteLedger } from '../../../src/ledger/sqlite.js'
import { ledgerCases } from '../../../src/testing/ledger-cases.js'
import { memoryLedger } from '../../../src/testing/memory-ledger.js'
import { withFolder } from './folder.js'

describe('a ledger in a SQLite file', () => {
  it.each(ledgerCases)('$name', ({ run }) =>
    withFolder(async (folder) => {
      const path = join(folder, 'ledger.db')
      const ledger = openSqliteLedger({ path })
      const second = openSqliteLedger({ path })
      try {
        await run({ ledger, second })
      } finally {
        await Promise.all([ledger.close(), second.close()])
      }
    }),
  )
})

describe('a ledger in memory', () => {
  it.each(ledgerCases.filter(({ shared }) => !shared))('$name', async ({ run }) => {
    const ledger = memoryLedger()
    try {
      await run({ ledger, second: ledger })
    } finally {
      await ledger.close()
    }
  })
})
