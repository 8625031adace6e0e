/** The database of the app, the app itself as a process of its own, and a runner that may only read and ask. */
import { randomBytes } from 'node:crypto'
import { handlerMigration } from '../../src/handler/index.js'
import { createRunner, loadConfig } from '../../src/index.js'
import { type ExampleDatabase, orDrop } from '../reference/database.js'
import { besides, createLedgerFolder, quiet, readBesides } from '../reference/folder.js'
import { openPostgres } from '../reference/postgres.js'
import { type Program, startProgram } from '../reference/process.js'
import type { Contract } from './synapsor.js'

const CONTRACT = besides(import.meta.url, 'synapsor.runner.json')

export async function openApp() {
  const database = await openPostgres('app_handler', readBesides(import.meta.url, 'schema.sql', 'seed.sql'))
  const { ledger, remove } = createLedgerFolder()
  await orDrop(database, () => grantAll(database))

  // #region secrets
  // Both sides know these two, each from its own environment.
  const shared = {
    APP_TOKEN: randomBytes(32).toString('hex'),
    APP_SIGNING_SECRET: randomBytes(32).toString('hex'),
  }
  // #endregion
  const start = (port: string) =>
    startProgram([besides(import.meta.url, 'app/server.ts')], {
      env: { ...shared, APP_DATABASE_URL: database.writerUrl, PORT: port },
      ready: /http:\/\/127\.0\.0\.1:(\d+)\/writeback/,
    })
  let app: Program = await orDrop(database, () => start('0'))
  const [url = '', port = ''] = app.ready

  // #region runner
  const env = {
    ...shared,
    APP_URL: url,
    APP_READ_URL: database.readerUrl,
    SYNAPSOR_TENANT_ID: 'acme',
    SYNAPSOR_PRINCIPAL: 'support_agent_17',
  }
  const runner = createRunner(loadConfig(CONTRACT) as Contract, { env, ledger, logger: quiet })
  // #endregion

  return {
    runner,
    database,
    env: { ...env, SYNAPSOR_CONFIG: CONTRACT, SYNAPSOR_STORE: ledger },
    killApp: () => app.kill(),
    /** Starts the app again, at the same address. */
    async startApp() {
      app = await start(port)
    },
    async close() {
      await runner.close()
      // First the database: the app may wait for a lock that the story holds.
      await database.drop()
      await app.stop()
      remove()
    },
  }
}

/** The reader reads what is reviewed; the app's own role is the app's own affair. */
async function grantAll({ readerUrl, writerUrl, run }: ExampleDatabase): Promise<void> {
  const [reader, app] = [readerUrl, writerUrl].map((url) => new URL(url).username)
  await run(handlerMigration('postgres'))
  await run(`grant usage on schema public to ${reader}, ${app};
    grant select on accounts, orders, subscriptions to ${reader};
    grant select, insert, update on all tables in schema public to ${app};
    grant usage on all sequences in schema public to ${app}`)
}
