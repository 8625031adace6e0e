import { stat, statfs } from 'node:fs/promises'
import { dirname, isAbsolute } from 'node:path'
import type { Ledger, LedgerCheck } from '../ledger/ledger.js'
import { entryProblem, type StoredEntry } from '../protocol/entry.js'
import type { Finding } from './finding.js'

/** How many of the newest entries are held against each other. `ledger verify` walks all. */
const TAIL = 50

/** Whether the ledger's end is what was recorded, and whether its file is kept from others and has room to grow. */
export async function examineLedger(
  ledger: Ledger,
  { engine, schema_version }: LedgerCheck,
): Promise<readonly Finding[]> {
  const [name = engine] = engine.toLowerCase().split(' ')
  const found = [...(await examineTail(ledger)), ...(await examineFile(ledger))]
  return [
    { name, severity: 'ok', message: `${engine} keeps the ledger.` },
    { name: 'ledger', severity: 'ok', message: `The ledger can be written. It has schema ${schema_version}.` },
    ...found,
  ]
}

/** Newest first. */
async function examineTail(ledger: Ledger): Promise<readonly Finding[]> {
  const { items } = await ledger.listEntries({ limit: TAIL })
  const broken = items.find((entry, place) => !follows(entry, items[place + 1]))
  if (broken === undefined) return []
  return [
    {
      name: 'ledger',
      severity: 'error',
      code: 'INTEGRITY',
      reason: 'LEDGER_BROKEN',
      message: `Entry ${broken.seq} of the ledger is not what was recorded.`,
      next: 'Run ledger verify, find out who changed it, and go on from a backup.',
    },
  ]
}

function follows(entry: StoredEntry, before: StoredEntry | undefined): boolean {
  if (entryProblem(entry) !== undefined) return false
  return before === undefined || (entry.seq === before.seq + 1 && entry.prev === before.hash)
}

const OPEN_TO_OTHERS = 0o077
const LEAST_FREE_BYTES = 256 * 1024 * 1024

async function examineFile(ledger: Ledger): Promise<readonly Finding[]> {
  const { location } = await ledger.stats()
  if (!isAbsolute(location)) return []
  const [file, disk] = await Promise.all([
    stat(location).catch(() => undefined),
    statfs(dirname(location)).catch(() => undefined),
  ])
  // Windows has no such modes.
  const isOpen = file !== undefined && process.platform !== 'win32' && (file.mode & OPEN_TO_OTHERS) !== 0
  const isFull = disk !== undefined && disk.bavail * disk.bsize < LEAST_FREE_BYTES
  return [...(isOpen ? [OPEN] : []), ...(isFull ? [FULL] : [])]
}

const OPEN: Finding = {
  name: 'ledger',
  severity: 'warning',
  reason: 'LEDGER_OPEN_TO_OTHERS',
  message: 'Other users of this machine can read or write the ledger.',
  next: 'Leave the file to its owner alone: mode 0600.',
}

const FULL: Finding = {
  name: 'ledger',
  severity: 'warning',
  reason: 'DISK_NEARLY_FULL',
  message: 'The disk of the ledger has less than 256 MiB left. Without a record there are no reads and no proposals.',
  next: 'Make room, or prune the ledger.',
}
