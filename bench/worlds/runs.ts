import { join } from 'node:path'
import type { Runner } from '../../src/index.js'
import type { Ledger } from '../../src/ledger/ledger.js'
import type { Bench } from '../figure.js'
import { contractWithWorkflows, workflowFunctions } from '../workflows.js'
import { createShop } from './sqlite.js'
import { ledgerIn, openRunner } from './world.js'

/** A file of invoices and a ledger, under runners whose contract has workflows. */
export interface RunWorld {
  /** Place of the ledger. */
  readonly ledger: string
  /** A runner as another process would make it: on the same two files, with nothing in common beside them. */
  open(ledger?: Ledger): Promise<Runner>
}

export async function openRunWorld(bench: Bench, rows: number): Promise<RunWorld> {
  const folder = bench.folder()
  const path = join(folder, 'shop.db')
  const place = ledgerIn(folder)
  await createShop(bench.library, path, rows)
  return {
    ledger: place,
    open: (ledger) =>
      openRunner(bench, {
        source: { engine: 'sqlite', path },
        ledger: ledger ?? place,
        contract: contractWithWorkflows,
        workflows: workflowFunctions,
      }),
  }
}
