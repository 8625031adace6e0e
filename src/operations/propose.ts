import { type Arguments, parseArguments } from '../capability/arguments.js'
import { assertBounds } from '../capability/bounds.js'
import type { Capability, ChangeRules } from '../capability/capability.js'
import { buildAfter, buildPatch, guardedColumns, versionAdvance } from '../capability/change.js'
import { findCapability } from '../capability/compile.js'
import { assertWritable } from '../capability/preconditions.js'
import { assertTransitions } from '../capability/transitions.js'
import { RunnerError } from '../errors.js'
import { refuseSecret } from '../policy/secrets.js'
import { type Context, type FrozenProposal, proposalV2, rowKey } from '../protocol/proposal.js'
import type { TypedRow, TypedText } from '../protocol/values.js'
import { type Call, noSuchRow, toRecord } from './inspect.js'
import { assertRoom } from './limits.js'
import { parseLink } from './link.js'
import type { LoadedProposal } from './load-proposal.js'
import type { Link, Ports } from './ports.js'
import { type Proposal, toProposal } from './proposal.js'
import { recordProposal } from './record-proposal.js'
import { readSource, type SourceRead } from './source-read.js'

/** Freezes an exact change. Nothing is written to the source. An identical active request is the same proposal. */
export async function propose(ports: Ports, call: Call): Promise<Proposal> {
  return proposeInPlaceOf(ports, call, null)
}

/** As {@link propose}; the new proposal replaces `supersedes`. */
export async function proposeInPlaceOf(ports: Ports, call: Call, supersedes: string | null): Promise<Proposal> {
  const { state } = await loadProposed(ports, call, supersedes)
  return toProposal(state, ports.clock.now())
}

/** As {@link proposeInPlaceOf}, for who goes on with the record. */
export async function loadProposed(ports: Ports, call: Call, supersedes: string | null): Promise<LoadedProposal> {
  const link = parseLink(call.link)
  const capability = findCapability(ports.contract, call.name, 'proposal')
  const rules = changeRules(capability)
  assertProposalsEnabled(ports)
  const args = parseArguments(capability.args, call.args)
  const context = call.contextOf(capability.context)
  const patch = buildPatch(rules, args)
  for (const [column, value] of Object.entries(patch)) if (typeof value === 'string') refuseSecret(column, value)

  ports.limits.takeCall(capability.name, context.tenant_id)
  await assertMayFit(ports, capability, { context, args, supersedes })
  const read = await readSource(ports, capability, context, args, link)
  const seen = toRecord(ports, read, context)
  let isSeen = false
  try {
    const [row] = read.rows
    if (row === undefined) throw noSuchRow(capability.target.type)
    assertWritable(capability, rules, read.table)
    const after = buildAfter(rules, patch, read.table, read.source.driver.dialect.toColumn)
    assertBounds(rules.bounds, after)
    assertTransitions(rules.transitions, row, after)

    const approval = approvalOf(rules, call.approval)
    const draft: Draft = { capability, rules, context, args, read, row, patch, after, supersedes, link, approval }
    const frozen = freeze(ports, draft)
    const recorded = await recordProposal(ports, frozen, { on_active: rules.on_active_proposal, row, read: seen })
    isSeen = recorded.row.proposal_id === frozen.proposal_id
    return recorded
  } finally {
    // With the proposal, or without one: what was read is on record before anybody is answered.
    if (!isSeen) await ports.records.recordRead(seen.record, seen.audit)
  }
}

/**
 * Refuses what is certainly too much before the source is asked. Where a proposal on the same row is open, this may be
 * the same, or take its place: only the row will tell, and the record holds the quota again.
 */
async function assertMayFit(ports: Ports, capability: Capability, { context, args, supersedes }: Asked): Promise<void> {
  const { name, source, target, lookup } = capability
  const quota = ports.limits.quotaFor(name, context.tenant_id)
  if (quota === undefined) return
  const { schema = null, table } = target
  const key = lookup === undefined ? null : String(args[lookup])
  const rivals = await ports.ledger.activeProposals(rowKey({ source, schema, table, tenant: context.tenant_id, key }))
  if (rivals.some((rival) => rival.capability === name)) return
  await assertRoom(ports.ledger, quota, supersedes === null ? [] : [supersedes])
}

type Asked = Pick<Draft, 'context' | 'args' | 'supersedes'>

interface Draft {
  readonly capability: Capability
  readonly rules: ChangeRules
  readonly context: Context
  readonly args: Arguments
  readonly read: SourceRead
  readonly row: TypedRow
  readonly patch: FrozenProposal['patch']
  readonly after: TypedRow
  readonly supersedes: string | null
  readonly link: Link | undefined
  readonly approval: FrozenProposal['approval']
}

/** The stricter of what the capability and the run ask for. */
function approvalOf({ approval }: ChangeRules, demand: Call['approval']): FrozenProposal['approval'] {
  // A contract whose run asks for another role than the capability is not valid.
  const required_role = approval.required_role ?? demand?.required_role ?? null
  const required_approvals = demand?.required_approvals ?? 1
  return { ...approval, required_role, required_approvals: Math.max(approval.required_approvals, required_approvals) }
}

function freeze(ports: Ports, draft: Draft): FrozenProposal {
  const { capability, rules, context, read, row } = draft
  const { evidence, digest: evidenceDigest } = read.evidence
  const { schema } = read.table.ref
  const created = ports.clock.now()
  const proposal_id = ports.ids.next('wrp')
  const { tenant_key, primary_key } = capability.target
  const frozen: FrozenProposal = {
    schema_version: 'synapsor.proposal.v2',
    proposal_id,
    proposal_version: 1,
    mode: ports.contract.config.mode === 'shadow' ? 'shadow' : 'review',
    capability: capability.name,
    capability_digest: capability.digest,
    context,
    source: { name: capability.source, engine: capability.engine },
    operation: 'update',
    target: {
      type: capability.target.type,
      ...(schema === undefined ? {} : { schema }),
      table: read.table.ref.table,
      primary_key: { column: primary_key, value: cell(row, primary_key) },
      tenant_guard: tenant_key === undefined ? null : { column: tenant_key, value: cell(row, tenant_key) },
    },
    arguments_digest: read.arguments_digest,
    before: pick(row, guardedColumns(rules, capability.visible_columns)),
    patch: draft.patch,
    after: draft.after,
    allowed_columns: [...rules.allowed_columns],
    conflict_guard: guardOf(draft),
    schema_fingerprint: read.table.fingerprint,
    executor: rules.executor,
    approval: draft.approval,
    evidence: {
      bundle_id: evidence.bundle_id,
      digest: evidenceDigest,
      query_fingerprint: evidence.query_fingerprint,
    },
    idempotency_key: proposal_id,
    supersedes: draft.supersedes,
    run_id: draft.link?.run_id ?? null,
    step_key: draft.link?.step_key ?? null,
    created_at: created.toISOString(),
    expires_at: new Date(created.getTime() + rules.expires_in_seconds * 1000).toISOString(),
  }
  return assertFrozen(frozen)
}

/** What cannot be read back must not be put on record. */
function assertFrozen(frozen: FrozenProposal): FrozenProposal {
  const parsed = proposalV2().safeParse(frozen)
  if (parsed.success) return frozen
  throw new RunnerError('INTERNAL', 'The proposal could not be frozen.', { cause: parsed.error })
}

function guardOf({ capability, rules, read, row }: Draft): FrozenProposal['conflict_guard'] {
  const { guard } = rules
  if (guard.kind === 'row') return { kind: 'row', reviewed: pick(row, capability.visible_columns) }
  const info = read.table.columns.get(guard.column)
  const value = cell(row, guard.column)
  if (info === undefined) throw new RunnerError('INTERNAL', 'The version column was read but not described.')
  return {
    kind: 'column',
    column: guard.column,
    expected_value: value,
    advance: versionAdvance(guard, info, value),
  }
}

function changeRules(capability: Capability): ChangeRules {
  if (capability.change === undefined) throw new RunnerError('INTERNAL', `${capability.name} proposes nothing.`)
  return capability.change
}

function assertProposalsEnabled(ports: Ports): void {
  if (ports.contract.config.mode === 'read_only') {
    throw new RunnerError('PROPOSALS_DISABLED', 'The contract is in read_only mode: nothing can be proposed.')
  }
}

function pick(row: TypedRow, columns: readonly string[]): Record<string, TypedText> {
  return Object.fromEntries(
    columns.flatMap((column) => {
      const value = row[column]
      return value === undefined ? [] : [[column, value]]
    }),
  )
}

function cell(row: TypedRow, column: string): TypedText {
  const value = row[column]
  if (value === undefined) throw new RunnerError('INTERNAL', `Column ${column} was not read.`)
  return value
}
