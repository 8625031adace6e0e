import type { ReceiptClaim, StoredReceipt } from '../drivers/driver.js'
import { RunnerError } from '../errors.js'
import { canonicalJson } from '../protocol/canonical.js'
import type { Receipt } from '../protocol/receipt.js'
import type { ProposalState } from '../protocol/state.js'
import { isTerminal } from '../protocol/status.js'
import { expired, wrongStatus } from './decide.js'
import { advance, type LoadedProposal, loadProposal } from './load-proposal.js'
import type { Ports, Source } from './ports.js'
import { alreadyApplied, isExplained, receiptOfSource, receiptOfUnexplained } from './receipt.js'

/** What the source is told about a proposal: its key, its hash, and the decision that allowed it. */
export function claimOf(
  source: Source,
  { frozen, hash, decisions, receipt_places }: ProposalState,
): ReceiptClaim | null {
  const anchor = decisions.filter((decision) => decision.decision === 'approved').at(-1)?.entry_hash
  if (anchor === undefined) throw new RunnerError('NOT_APPROVED', `${frozen.proposal_id} is not approved.`)
  assertSamePlace(source, frozen.proposal_id, receipt_places)
  if (source.receipts === null) return null
  return { table: source.receipts, key: frozen.idempotency_key, proposal_hash: hash, anchor }
}

/** Names where a source keeps its receipts, for the record of an attempt. */
export function placeOf({ receipts }: Source): string | null {
  return receipts === null ? null : canonicalJson([receipts.schema ?? null, receipts.table])
}

/** An attempt left its receipt where the contract said then: elsewhere its absence would prove nothing. */
function assertSamePlace(source: Source, proposal_id: string, places: readonly (string | null)[]): void {
  if (places.every((place) => place === placeOf(source))) return
  throw new RunnerError('CONTRACT_CHANGED', `Receipts were kept elsewhere when ${proposal_id} was attempted.`, {
    details: { proposal_id, source: source.name },
    next: 'Restore sources.receipts as it was, settle the proposal, then change it.',
  })
}

/**
 * Puts a receipt on record, whoever else moves the proposal meanwhile. Returns the receipt on record: another worker's,
 * if that was faster. Before anything but `applied` becomes final while another attempt may still be on its way,
 * `bar` settles the key in the source, so that the other cannot write afterwards.
 *
 * @throws RunnerError `INTEGRITY` when the source was changed although the record says otherwise.
 */
export async function recordOutcome(
  ports: Ports,
  loaded: LoadedProposal,
  receipt: Receipt,
  durability: 'durable' | 'relaxed',
  bar?: () => Promise<Receipt>,
): Promise<Receipt> {
  const subject = loaded.row.proposal_id
  let told = receipt
  let barred = bar === undefined
  for (let current = loaded; ; current = await loadProposal(ports, subject)) {
    const { receipt: earlier, status, open_attempts, unsettled } = current.state
    if (earlier !== undefined) return agreed(subject, told, earlier)
    if (status === 'revoked' || (isTerminal(status) && told.status !== 'applied')) throw wrongStatus(subject, status)
    if (!barred && bar !== undefined && told.status !== 'applied' && (unsettled || open_attempts.length > 1)) {
      const settled = await bar()
      if (settled.status === 'applied') told = settled
      barred = true
      continue
    }
    const entry = { type: 'receipt.recorded', subject, at: ports.clock.now().toISOString(), body: told } as const
    if ((await advance(ports, current, { durability, entry })) !== undefined) return told
  }
}

function agreed(subject: string, told: Receipt, earlier: Receipt): Receipt {
  if (told.status !== 'applied' || earlier.status === 'applied') return earlier
  throw new RunnerError('INTEGRITY', `${subject} was applied after it had been recorded as ${earlier.status}.`, {
    details: { proposal_id: subject },
    next: 'The source holds the change. Compare the row with the proposal by hand.',
  })
}

/**
 * Settles the key in the source for ever, and gives what the source says in the ledger's words.
 *
 * @throws RunnerError `INTEGRITY` as {@link explained}.
 */
export async function settleInSource(
  ports: Ports,
  source: Source,
  loaded: LoadedProposal,
  claim: ReceiptClaim,
): Promise<{ readonly stored: StoredReceipt; readonly receipt: Receipt }> {
  const stored = await source.driver.settle(claim)
  return { stored, receipt: await explained(ports, loaded, stored) }
}

/**
 * The receipt that the source holds under the key of a proposal, in the ledger's words.
 *
 * @throws RunnerError `INTEGRITY` when it is of another content, or rests on a decision that this ledger does not know:
 * the ledger was changed or is an older copy. Nothing can be written under the key any more, so that the proposal has
 * ended then, and its row is free for others.
 */
export async function explained(ports: Ports, loaded: LoadedProposal, stored: StoredReceipt): Promise<Receipt> {
  const { state } = loaded
  const { proposal_id, idempotency_key } = state.frozen
  if (isExplained(state, stored)) return receiptOfSource(state, stored)
  // The receipt of another key would bar nothing.
  if (stored.key === idempotency_key && !isTerminal(state.status)) {
    await recordOutcome(ports, loaded, receiptOfUnexplained(ports, state, stored), 'durable')
  }
  throw new RunnerError('INTEGRITY', `The source holds a receipt for ${proposal_id} that this ledger cannot explain.`, {
    details: { proposal_id },
    next: 'Find out whether the ledger was changed, or an older copy put back, before you apply anything else. This proposal has ended: look at the row, and propose again if it is still needed.',
  })
}

/**
 * Ends a proposal that is past its expiry. If an attempt got through before, its receipt is returned; otherwise its
 * key is barred in the source, so that nothing can follow.
 *
 * @throws RunnerError `EXPIRED` when it was not applied.
 */
export async function settleExpired(ports: Ports, source: Source, loaded: LoadedProposal): Promise<Receipt> {
  const { state } = loaded
  const claim = claimOf(source, state)
  if (claim !== null) {
    const { stored, receipt } = await settleInSource(ports, source, loaded, claim)
    if (stored.kind === 'applied') return alreadyApplied(await recordOutcome(ports, loaded, receipt, 'durable'))
    if (state.status !== 'approved') await recordOutcome(ports, loaded, receipt, 'durable')
  }
  if (state.status === 'approved') await recordExpiry(ports, loaded)
  throw expired(state.frozen)
}

/** An approved proposal that nobody has begun to apply is over. */
export async function recordExpiry(ports: Ports, loaded: LoadedProposal): Promise<void> {
  const { proposal_id: subject, expires_at: expired_at } = loaded.state.frozen
  const at = ports.clock.now().toISOString()
  await advance(ports, loaded, {
    durability: 'durable',
    entry: { type: 'proposal.expired', subject, at, body: { expired_at } },
  })
}
