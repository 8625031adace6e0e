import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A folder for the ledger of one run. */
export interface LedgerFolder {
  readonly folder: string
  readonly ledger: string
  remove(): void
}

export function createLedgerFolder(): LedgerFolder {
  const folder = mkdtempSync(join(tmpdir(), 'synapsor-example-'))
  return { folder, ledger: join(folder, 'ledger.db'), remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** The path of a file that lies beside a module. */
export function besides(moduleUrl: string, name: string): string {
  return fileURLToPath(new URL(name, moduleUrl))
}

/** The text of files that lie beside a module, one after the other. */
export function readBesides(moduleUrl: string, ...names: readonly string[]): string {
  return names.map((name) => readFileSync(besides(moduleUrl, name), 'utf8')).join('\n')
}

/** The creation of a ledger is no news here. */
export const quiet = { info: () => undefined, warn: console.error }
