import { isRunnerError, RunnerError } from '../errors.js'
import { readInteger } from './rows.js'
import type { Connection } from './sqlite-connection.js'
import { heldByOthers } from './sqlite-errors.js'
import type { Run } from './sqlite-store.js'

/**
 * Builds the file anew without what was erased, and empties the log, which still holds the old pages.
 *
 * @throws RunnerError `BUSY` while somebody reads the old pages, which stay readable then.
 */
export async function vacuum(run: Run): Promise<void> {
  await run(rebuild)
  try {
    await run(emptyLog)
  } catch (error) {
    throw isRunnerError(error) && error.code === 'BUSY' ? stillReadable(error) : error
  }
}

function rebuild(connection: Connection): void {
  // Looks at the file as every write does: one that was replaced is left alone.
  connection.write('durable', () => undefined)
  connection.exec('vacuum')
}

/** A log that somebody reads stays as it is, and SQLite says so in a row, not by an error. */
function emptyLog(connection: Connection): void {
  const row = connection.get('pragma wal_checkpoint(truncate)') ?? {}
  if (readInteger(row, 'busy') !== 0) throw heldByOthers()
}

function stillReadable(cause: RunnerError): RunnerError {
  return new RunnerError(
    'BUSY',
    'Another process reads the ledger as it was before: what was erased is still in its files.',
    {
      next: 'End what reads the ledger for long, such as a verify or another program, then vacuum again.',
      cause,
    },
  )
}
