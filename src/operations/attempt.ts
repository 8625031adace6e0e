import { isRunnerError, RunnerError } from '../errors.js'
import type { Receipt } from '../protocol/receipt.js'
import { isTerminal } from '../protocol/status.js'
import { advance, type LoadedProposal, loadProposal } from './load-proposal.js'
import type { Ports } from './ports.js'
import { alreadyApplied } from './receipt.js'

/** How the beginning of an attempt goes on record. */
interface Beginning {
  readonly durability: 'durable' | 'relaxed'
  /** Where the source is to keep the receipt; `null` where it keeps none. */
  readonly place: string | null
}

/** Puts on record that an attempt begins. `undefined` when somebody else moved the proposal first. */
export async function beginAttempt(
  ports: Ports,
  loaded: LoadedProposal,
  { durability, place }: Beginning,
): Promise<LoadedProposal | undefined> {
  return advance(ports, loaded, {
    durability,
    entry: {
      type: 'apply.started',
      subject: loaded.row.proposal_id,
      at: ports.clock.now().toISOString(),
      body: { attempt: loaded.state.attempts + 1, ...(place === null ? {} : { receipts: place }) },
    },
  })
}

/** Puts the end of a failed attempt on record: unknown if it may have been committed, else as if it had not begun. */
export async function recordFailure(ports: Ports, started: LoadedProposal, error: unknown): Promise<void> {
  const code = isRunnerError(error) ? error.code : 'INTERNAL'
  await endAttempt(ports, started, code === 'OUTCOME_UNKNOWN' || code === 'INTERNAL' ? null : code)
}

/** As {@link recordFailure}: `code` tells why nothing was changed for certain; `null` that this is not known. */
export async function endAttempt(ports: Ports, started: LoadedProposal, code: string | null): Promise<void> {
  const attempt = started.state.attempts
  const subject = started.row.proposal_id
  for (let current = started; !isTerminal(current.state.status); current = await loadProposal(ports, subject)) {
    const at = ports.clock.now().toISOString()
    const entry =
      code === null
        ? ({ type: 'apply.interrupted', subject, at, body: { attempt } } as const)
        : ({ type: 'apply.released', subject, at, body: { attempt, code } } as const)
    if ((await advance(ports, current, { durability: 'durable', entry })) !== undefined) return
  }
}

/** What the first call left is what every later call gets. */
export function laterReceipt(receipt: Receipt): Receipt {
  return receipt.status === 'applied' ? alreadyApplied(receipt) : receipt
}

/** What this call brought about, or what another one had. */
export function orLater(receipt: Receipt, recorded: Receipt): Receipt {
  return recorded === receipt ? recorded : laterReceipt(recorded)
}

/** An answer of our own about the record, as against a record that cannot be reached. */
export function isVerdict(error: unknown): boolean {
  return isRunnerError(error) && (error.code === 'INTEGRITY' || error.code === 'WRONG_STATUS')
}

/** The change was made and the ledger could not be told: the next apply or reconcile finds out. */
export function unrecorded(proposal_id: string, cause: unknown): RunnerError {
  return new RunnerError(
    'OUTCOME_UNKNOWN',
    `${proposal_id} was sent to the source, but its end could not be recorded.`,
    {
      details: { proposal_id },
      cause,
    },
  )
}
