/** A folder with the contract, the app's database and a ledger, and a runner that starts the app's program. */
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { createRunner, loadConfig } from '../../src/index.js'
import { besides, createLedgerFolder, quiet, readBesides } from '../reference/folder.js'
import type { Contract } from './synapsor.js'

export async function openShop() {
  const { folder, ledger, remove } = createLedgerFolder()
  const contract = join(folder, 'synapsor.runner.json')
  cpSync(besides(import.meta.url, 'synapsor.runner.json'), contract)
  const shop = new DatabaseSync(join(folder, 'shop.db'))
  shop.exec(`pragma journal_mode = wal; ${readBesides(import.meta.url, 'schema.sql', 'seed.sql')}`)

  // #region runner
  const { PATH = '' } = process.env
  const env = {
    // A program and its arguments. There is no shell.
    SHOP_COMMAND: JSON.stringify([
      process.execPath,
      '--import',
      import.meta.resolve('tsx'),
      besides(import.meta.url, 'writeback.ts'),
    ]),
    // The contract passes this one on to the program.
    SHOP_DB: join(folder, 'shop.db'),
    SYNAPSOR_TENANT_ID: 'acme',
    SYNAPSOR_PRINCIPAL: 'support_agent_17',
  }
  const runner = createRunner(loadConfig(contract) as Contract, { env: { PATH, ...env }, ledger, logger: quiet })
  // #endregion

  return {
    runner,
    shop,
    env: { ...env, SYNAPSOR_CONFIG: contract, SYNAPSOR_STORE: ledger },
    async close() {
      await runner.close()
      shop.close()
      remove()
    },
  }
}
