import { setImmediate, setTimeout } from 'node:timers/promises'
import { isRunnerError, RunnerError } from '../errors.js'
import type { Runner, StoredEntry } from '../index.js'

/** How many entries are asked for at once. */
const BATCH = 100

/** How long to wait before looking again, in milliseconds. */
const PAUSE = 1000

/** The place of the newest entry, 0 before there is one. */
export async function headOf({ entries }: Runner): Promise<number> {
  return (await entries.list({ limit: 1 })).items[0]?.seq ?? 0
}

/** Entries behind `since` up to `until`, oldest first. Places have no gaps, so each is asked for by its own. */
export async function* readBehind(
  runner: Runner,
  { since, until }: { readonly since: number; readonly until: number },
): AsyncGenerator<readonly StoredEntry[]> {
  for (let last = since; last < until; last += BATCH) {
    const count = Math.min(BATCH, until - last)
    yield await Promise.all(Array.from({ length: count }, (_, place) => entryAt(runner, last + 1 + place)))
    // A request to stop is heard, and what was told is on its way, before the next ones are read.
    await setImmediate()
  }
}

/** @throws RunnerError `INTEGRITY` for an entry that is gone. */
async function entryAt({ entries }: Runner, seq: number): Promise<StoredEntry> {
  try {
    return await entries.get(String(seq))
  } catch (cause) {
    if (!isRunnerError(cause) || cause.code !== 'ENTRY_NOT_FOUND') throw cause
    throw new RunnerError('INTEGRITY', `Ledger entry ${seq} is missing.`, {
      details: { seq },
      next: 'Run ledger verify, and find out who removed it. Go on behind it with --since.',
      cause,
    })
  }
}

/** Entries behind `since`, each once, as they come, until `stop`. */
export async function* followEntries(runner: Runner, since: number, stop: AbortSignal): AsyncGenerator<StoredEntry> {
  let last = since
  while (!stop.aborted) {
    for await (const batch of readBehind(runner, { since: last, until: await headOf(runner) })) {
      for (const entry of batch) {
        if (stop.aborted) return
        yield entry
        last = entry.seq
      }
    }
    await setTimeout(PAUSE, undefined, { signal: stop }).catch(() => undefined)
  }
}
