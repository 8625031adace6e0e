import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createShop, type Shop } from '../../src/cli/demo/shop.js'
import { createRunner, loadConfig, type Runner } from '../../src/index.js'

/** A fresh folder with a contract, a seeded database and a ledger, and the runner over them. */
export interface World {
  readonly folder: string
  readonly shop: Shop
  readonly runner: Runner
  /** Copies the ledger to a file of its own, for somebody to tamper with, and gives its path. */
  copyLedger(): Promise<string>
  /** Another runner of the same contract, on another ledger file. */
  runnerOn(ledger: string): Runner
  close(): Promise<void>
  remove(): void
}

const silent = { info: () => undefined, warn: () => undefined }

export async function createWorld(config: object): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'synapsor-demo-'))
  const contract = join(folder, 'synapsor.runner.json')
  const ledger = join(folder, '.synapsor', 'local.db')
  writeFileSync(contract, `${JSON.stringify(config, null, 2)}\n`)
  const shop = await createShop(join(folder, 'shop.db'))
  const open = (path: string) => createRunner(loadConfig(contract), { ledger: path, logger: silent })
  const runner = open(ledger)
  await runner.migrate('shop')
  return {
    folder,
    shop,
    runner,
    async copyLedger() {
      const copy = join(folder, 'tampered', 'local.db')
      mkdirSync(join(folder, 'tampered'))
      // What is not yet in the file itself lies beside it.
      copyFileSync(ledger, copy)
      if (existsSync(`${ledger}-wal`)) copyFileSync(`${ledger}-wal`, `${copy}-wal`)
      return copy
    },
    runnerOn: open,
    close: async () => {
      await runner.close()
      shop.close()
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
