/**
 * Reads that end in one turn of the event loop are recorded in one transaction: a commit costs several times as much as
 * what one read adds to it. Each is told only once it is committed, and fails by nobody's fault but its own.
 */
// Not the global one: tests of apps put a clock of their own in its place.
import { setImmediate } from 'node:timers'
import type { AuditRecord, EvidenceRecord } from './ledger.js'
import type { Connection } from './sqlite-connection.js'
import { isBusy, putsInDoubt } from './sqlite-errors.js'
import { insertRead } from './sqlite-reads.js'
import type { Run } from './sqlite-store.js'

/** The records of reads on their way to the file. */
export interface ReadGroup {
  /** Resolves when the record is committed. */
  record(record: EvidenceRecord, audit: AuditRecord): Promise<void>
  /** Writes what still waits for the end of the turn. At once, where the file is open and no other process holds it. */
  flush(): void
}

interface Read {
  readonly record: EvidenceRecord
  readonly audit: AuditRecord
  /** It was in a transaction that failed, through whichever of its reads: the next one is for it alone. */
  isApart: boolean
  /** Why it was not written. */
  failure: unknown
}

/** What one transaction holds at most, so that neither the lock nor the event loop is held for long. */
const MOST_READS = 64
const MOST_CHARACTERS = 1_048_576

export function createReadGroup(run: Run): ReadGroup {
  /** In the order of the calls. A read leaves when it is written, or has failed. */
  const waiting = new Set<Read>()
  const endOfTurn = createTurns()
  let writing: Promise<void> | undefined
  let wasInDoubt = false

  const fail = (read: Read, error: unknown): void => {
    read.failure = error
    waiting.delete(read)
  }

  const writeOldest = (file: Connection): void => {
    const reads = oldest(waiting)
    try {
      writeAll(file, reads)
    } catch (error) {
      if (isBusy(error)) throw error
      for (const read of reads) read.isApart = true
      const [only] = reads
      if (only !== undefined && reads.length === 1) fail(only, error)
      if (!putsInDoubt(error)) return
      wasInDoubt = true
      throw error
    }
    for (const read of reads) waiting.delete(read)
  }

  /** One waits for another process on behalf of all, so that the event loop stays free. Never rejects. */
  const writeWaiting = async (): Promise<void> => {
    const asked = [...waiting]
    wasInDoubt = false
    try {
      await run((file) => {
        while (waiting.size > 0) writeOldest(file)
      })
    } catch (error) {
      // Those that were only beside what went wrong are tried again, on a file that is opened anew.
      if (wasInDoubt) return
      for (const read of asked) if (waiting.has(read)) fail(read, error)
    } finally {
      writing = undefined
    }
  }

  const begin = (): Promise<void> => {
    writing ??= writeWaiting()
    return writing
  }

  return {
    record: async (record, audit) => {
      const own: Read = { record, audit, isApart: false, failure: undefined }
      waiting.add(own)
      await endOfTurn()
      while (waiting.has(own)) await begin()
      if (own.failure === undefined) return
      // What SQLite threw is told as all that it throws.
      await run(() => {
        throw own.failure
      })
    },
    flush: () => {
      if (waiting.size > 0) void begin()
    },
  }
}

/** All of them or none. */
function writeAll(file: Connection, reads: readonly Read[]): void {
  file.write('relaxed', () => {
    for (const { record, audit } of reads) insertRead(file, record, audit)
  })
}

/** As many as one transaction holds, and at least one. */
function oldest(waiting: ReadonlySet<Read>): readonly Read[] {
  const reads: Read[] = []
  let characters = 0
  for (const read of waiting) {
    characters += read.record.text?.length ?? 0
    const isFull = reads.length === MOST_READS || characters > MOST_CHARACTERS || read.isApart
    if (isFull && reads.length > 0) break
    reads.push(read)
    if (read.isApart) break
  }
  return reads
}

/**
 * Resolves when the event loop has handed out all that has arrived. A read that is alone waits for nothing by that: to
 * write it at once, and wait only where others follow, was measured to be no faster.
 */
function createTurns(): () => Promise<void> {
  let turn: Promise<void> | undefined
  const begin = (): Promise<void> =>
    new Promise((resolve) => {
      setImmediate(() => {
        turn = undefined
        resolve()
      })
    })
  return () => {
    turn ??= begin()
    return turn
  }
}
