/** The database of the shop, and the runner that the story is told with. */
import { createRunner, loadConfig } from '../../src/index.js'
import { orDrop } from '../reference/database.js'
import { besides, createLedgerFolder, quiet, readBesides } from '../reference/folder.js'
import { openMariadb } from '../reference/mariadb.js'
import type { Contract } from './synapsor.js'

const CONTRACT = besides(import.meta.url, 'synapsor.runner.json')

export type Orders = Awaited<ReturnType<typeof openOrders>>

/** Makes the database, and grants two users what the contract needs and no more. */
export async function openOrders() {
  const database = await openMariadb('orders_mariadb', readBesides(import.meta.url, 'schema.sql', 'seed.sql'))
  const { ledger, remove } = createLedgerFolder()

  // #region runner
  const env = {
    ORDERS_READ_URL: database.readerUrl,
    ORDERS_WRITE_URL: database.writerUrl,
    SYNAPSOR_TENANT_ID: 'acme',
    SYNAPSOR_PRINCIPAL: 'order_agent_4',
  }
  const runner = createRunner(loadConfig(CONTRACT) as Contract, { env, ledger, logger: quiet })
  await orDrop(database, async () => {
    for (const { sql } of runner.migrations()) await database.run(sql)
  })
  // #endregion

  return {
    runner,
    database,
    env: { ...env, SYNAPSOR_CONFIG: CONTRACT, SYNAPSOR_STORE: ledger },
    async close() {
      await runner.close()
      await database.drop()
      remove()
    },
  }
}
