import { setImmediate as pause } from 'node:timers/promises'
import { GENESIS } from '../protocol/entry.js'
import { type LedgerProblem, MAX_PROBLEMS, type Verification, type VerifyOptions } from './verification.js'
import { type ChainHead, entryProblems, type WalkedEntry } from './verify-entry.js'
import { evidenceProblems, type WalkedEvidence } from './verify-evidence.js'
import { type FindBundle, proposalProblems, type WalkedProposal } from './verify-proposal.js'
import { runProblems, type WalkedRun } from './verify-run.js'

/** How a store shows itself to {@link verifyLedger}: oldest first, some at a time, each piece on one snapshot. */
export interface LedgerWalk {
  /** How many records there are to walk. */
  count(): Promise<number>
  entries(after: number): Promise<readonly WalkedEntry[]>
  proposals(after: number): Promise<readonly WalkedProposal[]>
  runs(after: number): Promise<readonly WalkedRun[]>
  evidence(after: number): Promise<readonly WalkedEvidence[]>
  readonly findBundle: FindBundle
  /** What no piece shows: records at impossible places, and derived records without an entry up to `head`. */
  leftovers(head: number): Promise<readonly LedgerProblem[]>
}

/** So many records between two reports of progress. */
const TOLD_EVERY = 100

/**
 * Walks the chain from its first entry, then what was derived from it, then the evidence. Others may go on writing.
 *
 * A chain that lost its end is a whole, shorter chain. Only what lies outside can tell: a receipt in a source names
 * the entry that allowed it.
 */
export async function verifyLedger(
  walk: LedgerWalk,
  { on_progress = () => undefined }: VerifyOptions = {},
): Promise<Verification> {
  const total = await walk.count()
  let done = 0
  const looked = (): void => {
    done += 1
    if (done % TOLD_EVERY === 0) on_progress(done, Math.max(done, total))
  }
  const problems: LedgerProblem[] = []
  let head: ChainHead = { seq: 0, hash: GENESIS }
  for await (const walked of inOrder(walk.entries, looked)) {
    problems.push(...entryProblems(walked, head))
    head = { seq: walked.seq, hash: walked.entry?.hash }
    if (problems.length >= MAX_PROBLEMS) break
  }
  for await (const walked of inOrder(walk.proposals, looked)) {
    if (problems.length >= MAX_PROBLEMS) break
    problems.push(...(await proposalProblems(walked, walk.findBundle)))
  }
  for await (const walked of inOrder(walk.runs, looked)) {
    if (problems.length >= MAX_PROBLEMS) break
    problems.push(...runProblems(walked))
  }
  let place = 0
  for await (const walked of inOrder(walk.evidence, looked)) {
    if (problems.length >= MAX_PROBLEMS) break
    problems.push(...evidenceProblems(walked, place))
    place = walked.seq
  }
  problems.push(...(await walk.leftovers(head.seq)))
  on_progress(done, Math.max(done, total))
  return { ok: problems.length === 0, entries: head.seq, problems: problems.slice(0, MAX_PROBLEMS) }
}

/** The event loop goes on between the pieces, however long the walk is. */
async function* inOrder<Item extends { readonly seq: number }>(
  read: (after: number) => Promise<readonly Item[]>,
  looked: () => void,
): AsyncGenerator<Item> {
  for (let after = 0; ; ) {
    const items = await read(after)
    for (const item of items) {
      looked()
      yield item
    }
    const last = items.at(-1)
    if (last === undefined) return
    after = last.seq
    await pause()
  }
}
