/** The database of the support desk, two tenants in it, and the runners that the story is told with. */
import { createRunner, loadConfig } from '../../src/index.js'
import { orDrop } from '../reference/database.js'
import { besides, createLedgerFolder, quiet, readBesides } from '../reference/folder.js'
import { openPostgres } from '../reference/postgres.js'
import type { Contract } from './synapsor.js'

export const CONTRACT = besides(import.meta.url, 'synapsor.runner.json')

export type SupportBilling = Awaited<ReturnType<typeof openSupportBilling>>

/** Makes the database, and grants two roles what the contract needs and no more. */
export async function openSupportBilling(example = 'support_billing') {
  const database = await openPostgres(example, readBesides(import.meta.url, 'schema.sql', 'seed.sql'))
  const { ledger, remove } = createLedgerFolder()
  const urls = { SUPPORT_BILLING_READ_URL: database.readerUrl, SUPPORT_BILLING_WRITE_URL: database.writerUrl }

  // #region runner
  const config = loadConfig(CONTRACT) as Contract
  const runnerOf = (tenant: string) => {
    const trusted = { SYNAPSOR_TENANT_ID: tenant, SYNAPSOR_PRINCIPAL: `${tenant}_support_agent` }
    return createRunner(config, { env: { ...urls, ...trusted }, ledger, logger: quiet })
  }
  const acme = runnerOf('acme')
  const globex = runnerOf('globex')
  // #endregion

  // #region migrations
  const migrations = acme.migrations()
  await orDrop(database, async () => {
    for (const { sql } of migrations) await database.run(sql)
  })
  // #endregion

  return {
    acme,
    globex,
    database,
    migrations,
    ledger,
    urls,
    env: {
      ...urls,
      SYNAPSOR_TENANT_ID: 'acme',
      SYNAPSOR_PRINCIPAL: 'you',
      SYNAPSOR_CONFIG: CONTRACT,
      SYNAPSOR_STORE: ledger,
    },
    async close() {
      await acme.close()
      await globex.close()
      await database.drop()
      remove()
    },
  }
}
