import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The user that owns nothing. */
export const NOBODY = 65_534

/** Gives a file to the user that tests run as when they may not be root. */
export function giveAway(path: string): void {
  if (process.getuid?.() === 0) chownSync(path, NOBODY, NOBODY)
}

export function emptyFolder(): string {
  return mkdtempSync(join(tmpdir(), 'ledger-'))
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
}

/** Runs `work` with an empty folder that is gone afterwards. */
export async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = emptyFolder()
  try {
    await work(folder)
  } finally {
    removeFolder(folder)
  }
}
