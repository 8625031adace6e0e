import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { RunnerError } from '../../errors.js'
import { createRunner, loadConfig, type Runner } from '../../index.js'
import type { Io } from '../io.js'
import { DEMO_CONTRACT } from './contract.js'
import { createShop, type Shop } from './shop.js'

/** A folder with a contract, a seeded database and a ledger, and the runner over them. */
export interface DemoWorld {
  readonly folder: string
  readonly runner: Runner
  readonly shop: Shop
  close(): Promise<void>
  remove(): void
}

/**
 * Sets up the demo in `output`, or in a new folder among those of the moment.
 *
 * @throws RunnerError `INVALID_ARGUMENT` for a folder that holds anything, or cannot be made.
 */
export async function createDemoWorld(output: string | undefined, { cwd, runtime }: Io): Promise<DemoWorld> {
  const folder =
    output === undefined ? mkdtempSync(join(tmpdir(), 'synapsor-demo-')) : emptyFolder(resolve(cwd, output))
  const contract = join(folder, 'synapsor.runner.json')
  writeFileSync(contract, `${JSON.stringify(DEMO_CONTRACT, null, 2)}\n`)
  const shop = await createShop(join(folder, 'shop.db'))
  const runner = createRunner(loadConfig(contract), { ...runtime, logger: { info: () => {}, warn: () => {} } })
  await runner.migrate('shop')
  return {
    folder,
    runner,
    shop,
    close: async () => {
      await runner.close()
      shop.close()
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function emptyFolder(folder: string): string {
  if (filesIn(folder).length === 0) return folder
  throw new RunnerError('INVALID_ARGUMENT', `The folder ${folder} is not empty.`, {
    details: { folder },
    next: 'Give a new folder, or an empty one.',
  })
}

function filesIn(folder: string): readonly string[] {
  try {
    mkdirSync(folder, { recursive: true })
    return readdirSync(folder)
  } catch (cause) {
    throw new RunnerError('INVALID_ARGUMENT', `The folder ${folder} cannot be made.`, {
      details: { folder },
      next: 'Check the path and who may write there.',
      cause,
    })
  }
}
