import type { Append, Appended, AuditRecord, EvidenceRecord } from '../ledger/ledger.js'
import type { Ports } from '../operations/ports.js'
import type { EntryBody, NewRunEntry, RunEntryType } from '../protocol/entry.js'
import { type FrozenRun, runIdentity, runRow } from '../protocol/run.js'
import { newRun, type RunState, runAfter } from '../protocol/run-state.js'
import type { LoadedRun } from './load-run.js'
import { createProposalCache, type ProposalCache } from './proposal-cache.js'

/** Somebody else has moved the run meanwhile. Never leaves this room. */
export class RunMoved extends Error {}

type Records = Ports['records']

/** What a step adds to the append that records its effect. */
export interface Companions {
  readonly read?: (record: EvidenceRecord) => NewRunEntry | undefined
  readonly append?: (request: Append) => readonly NewRunEntry[]
  /** What is read goes on record with the next append: nobody is answered before. Default false: at once. */
  readonly holds?: boolean
}

/**
 * The record of one run while it moves. Entries are noted and written together with the next effect of the run, so that
 * a step and its effect are on record both or not at all, and few commits are needed.
 */
export interface Journal {
  /** As of the last note. */
  readonly state: RunState
  note<T extends RunEntryType>(type: T, body: EntryBody<T>): void
  /** Writes what was noted and held back. Nothing where nothing was, or only that the run was taken up. */
  flush(): Promise<void>
  /** As {@link Journal.flush}, or nothing at all: what could not be written has not happened, and is not noted either. */
  claim(): Promise<void>
  /** Records what was read and held back, for a run that somebody else has moved. */
  release(): Promise<void>
  readonly proposals: ProposalCache
  /** An entry that is not noted yet. */
  entry<T extends RunEntryType>(type: T, body: EntryBody<T>): NewRunEntry
  /** The ports of the operations that a step calls: what they record is recorded with the run. */
  joined(companions?: Companions): Ports
}

/** Goes on with a run that is on record. */
export function openJournal(ports: Ports, { state, revision }: LoadedRun): Journal {
  return createJournal(ports, state, revision, [])
}

/** Begins the record of a run. */
export function beginJournal(ports: Ports, frozen: FrozenRun): Journal {
  const { run_id: subject, created_at: at } = frozen
  return createJournal(ports, newRun(frozen), 0, [{ type: 'run.created', subject, at, body: { run: frozen } }])
}

function createJournal(ports: Ports, from: RunState, at: number, begun: readonly NewRunEntry[]): Journal {
  let state = from
  let revision = at
  let recorded = from
  let pending: readonly NewRunEntry[] = begun
  let held: { readonly record: EvidenceRecord; readonly audit: AuditRecord }[] = []
  /** Whether something is on record, but not on disk, that no later pass could find out again. */
  let needsDurable = false
  const { ledger } = ports
  const { frozen } = from
  const identity = runIdentity(frozen)

  const entry = <T extends RunEntryType>(type: T, body: EntryBody<T>): NewRunEntry => {
    // Of one type and its own body, which the compiler cannot follow through the union.
    return { type, subject: frozen.run_id, at: ports.clock.now().toISOString(), body } as NewRunEntry
  }

  /** Writes an append with what was noted and held back, and `further`. */
  const write = async (request: Append, further: readonly NewRunEntry[]): Promise<Appended> => {
    const entries = [...pending, ...further]
    const reads = [...held, ...(request.reads ?? [])]
    if (entries.length === 0) return ledger.append({ ...request, reads })
    const next = further.reduce(runAfter, state)
    const appended = await ledger.append({ ...request, reads, run: { revision, entries, row: runRow(next) } })
    if (appended === undefined) {
      if (await hasMoved()) throw new RunMoved()
      return undefined
    }
    state = next
    recorded = next
    revision += entries.length
    pending = []
    held = []
    needsDurable = request.durability === 'relaxed' && (needsDurable || entries.some(isIrretrievable))
    return appended
  }

  const hasMoved = async (): Promise<boolean> => {
    const stored = await ledger.findRun(frozen.run_id)
    if (stored !== undefined) return stored.revision !== revision
    return revision > 0 || (await ledger.findRunId(identity)) !== undefined
  }

  const note = (noted: NewRunEntry): void => {
    state = runAfter(state, noted)
    pending = [...pending, noted]
  }

  const joined = ({ read, append, holds = false }: Companions = {}): Ports => ({
    ...ports,
    records: {
      recordRead: async (record, audit) => {
        const further = read?.(record)
        if (holds) {
          held = [...held, { record, audit }]
          if (further !== undefined) note(further)
          return
        }
        if (further === undefined && pending.length === 0) return ledger.recordRead(record, audit)
        const request: Append = { durability: 'relaxed', expect: [], entries: [], rows: [], reads: [{ record, audit }] }
        if ((await write(request, further === undefined ? [] : [further])) === undefined) throw new RunMoved()
      },
      append: (request) => write(request, append?.(request) ?? []),
    } satisfies Records,
  })

  const flush = async (): Promise<void> => {
    if (held.length === 0 && pending.every(({ type }) => type === 'run.resumed')) return
    const durability = needsDurable || pending.some(isIrretrievable) ? 'durable' : 'relaxed'
    const written = await write({ durability, expect: [], entries: [], rows: [] }, [])
    if (written === undefined) throw new RunMoved()
  }

  return {
    get state() {
      return state
    },
    entry,
    proposals: createProposalCache(ports),
    note: (type, body) => note(entry(type, body)),
    release: async () => {
      for (const { record, audit } of held.splice(0)) await ledger.recordRead(record, audit)
    },
    flush,
    claim: async () => {
      try {
        await flush()
      } catch (error) {
        // A run that was never recorded has nothing to go back to.
        if (revision > 0) [state, pending] = [recorded, []]
        throw error
      }
    },
    joined,
  }
}

/** What was read or proposed is found again; what somebody answered, what the app did, and how it all ended is not. */
function isIrretrievable(entry: NewRunEntry): boolean {
  if (entry.type === 'step.finished') return ['information', 'external', 'function'].includes(entry.body.kind)
  return entry.type === 'run.created' || entry.type === 'run.finished'
}
