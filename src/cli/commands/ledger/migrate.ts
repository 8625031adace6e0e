import { isRunnerError } from '../../../errors.js'
import type { LedgerStats, Runner } from '../../../index.js'
import { defineCommand } from '../../command.js'
import { agreed } from '../../decider.js'
import { flag } from '../../options.js'

/** `ledger migrate`. */
export const ledgerMigrate = defineCommand({
  name: 'ledger migrate',
  summary: 'Bring a ledger of an older version to the schema of this one.',
  details: 'Copy the ledger first, with ledger backup. Asks at a terminal; needs --yes elsewhere.',
  needs: 'runner',
  options: { yes: flag('-y, --yes', 'Do not ask.') },
  examples: ['ledger backup before-migration.db', 'ledger migrate --yes'],
  async run({ options, json, runner: open }, io) {
    const runner = await open()
    const current = await statsUnlessOutdated(runner)
    if (current !== undefined) {
      return { document: current, render: () => `The ledger has schema ${current.schema_version} already.` }
    }
    if (!json) io.err(`Copy the ledger first:\n  synapsor-runner ledger backup ${COPY}\n`)
    const next = `Copy it with ledger backup ${COPY}, then give --yes.`
    if (!(await agreed('Migrate it now?', { yes: options.yes === true, json, io, next }))) {
      return { document: null, render: () => 'Nothing was migrated.', exit_code: 1 }
    }
    await runner.ledger.migrate()
    const stats = await runner.ledger.stats()
    return { document: stats, render: () => `The ledger has schema ${stats.schema_version} now.` }
  },
})

const COPY = 'before-migration.db'

async function statsUnlessOutdated({ ledger }: Runner): Promise<LedgerStats | undefined> {
  try {
    return await ledger.stats()
  } catch (error) {
    if (isRunnerError(error) && error.code === 'LEDGER_OUTDATED') return undefined
    throw error
  }
}
