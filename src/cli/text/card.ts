import type { Freshness, Proposal } from '../../index.js'
import type { View } from '../command.js'
import { quorumOf } from '../decider.js'
import { escapeUntrusted } from '../untrusted-text.js'
import { type Field, renderFields } from './fields.js'
import { count } from './lines.js'
import { age, isSoon, until } from './time.js'
import { shown } from './value.js'

/** Everything that a person should look at before deciding, none of it cut short. */
export interface CardContent {
  readonly proposal: Proposal
  /** Whether the row is still what was proposed on. */
  readonly freshness: Freshness
  /** How many rows the proposal rests on, `undefined` where its evidence cannot be read. */
  readonly evidence_items: number | undefined
}

export function renderCard(content: CardContent, view: View): string {
  const { proposal } = content
  const { paint, columns } = view
  const title = paint.bold(`${escapeUntrusted(proposal.id)}  ${proposal.status}`)
  return [
    title,
    '',
    renderFields(about(content, view), columns),
    '',
    paint.bold('Change'),
    changes(proposal, columns),
    '',
    renderFields(guards(content, view), columns),
    '',
    renderFields(decision(content, view), columns),
    '',
    ...whatApprovingDoes(proposal),
  ].join('\n')
}

function about({ proposal }: CardContent, { now }: View): readonly Field[] {
  const { frozen, context } = proposal
  const { schema, table, primary_key, tenant_guard } = frozen.target
  const key = `${primary_key.column} = ${shown(primary_key.value.text)}`
  const guard = tenant_guard === null ? '' : ` and ${tenant_guard.column} = ${shown(tenant_guard.value.text)}`
  return [
    ['Capability', proposal.capability],
    ['Object', `${proposal.target.type} ${proposal.target.id}`],
    [
      'Row',
      `${frozen.source.name} (${frozen.source.engine}): ${schema === undefined ? '' : `${schema}.`}${table} where ${key}${guard}`,
    ],
    ['Tenant', context.tenant_id],
    ['Proposed by', `${context.principal} (${context.provenance}), ${age(proposal.created_at, now)} ago`],
    ...(context.on_behalf_of === undefined ? [] : [['On behalf of', context.on_behalf_of] as const]),
    ...(proposal.run_id === undefined ? [] : [['Run', proposal.run_id] as const]),
  ].map(([label, value]) => [label, escapeUntrusted(value)] as const)
}

/** Before and after under each other, so that the difference is seen however long they are. */
function changes({ diff }: Proposal, columns: number): string {
  return renderFields(
    Object.entries(diff).flatMap(([column, { before, after }]): readonly Field[] => [
      [escapeUntrusted(column), `- ${shown(before)}`],
      ['', `+ ${shown(after)}`],
    ]),
    columns,
  )
}

function guards(content: CardContent, { paint }: View): readonly Field[] {
  const { proposal, evidence_items } = content
  const { frozen } = proposal
  const { bundle_id, query_fingerprint } = frozen.evidence
  const rows = evidence_items === undefined ? paint.red('cannot be read') : count(evidence_items, 'row')
  return [
    ['May change', escapeUntrusted(frozen.allowed_columns.join(', '))],
    ['Guard', escapeUntrusted(guardOf(proposal))],
    ['Evidence', `${escapeUntrusted(bundle_id)}, ${rows}, query ${escapeUntrusted(query_fingerprint)}`],
    ['Source now', sourceNow(content, paint)],
  ]
}

function guardOf({ frozen }: Proposal): string {
  const guard = frozen.conflict_guard
  if (guard.kind === 'row') return 'the whole row as it was reviewed'
  return `${guard.column} is still ${shown(guard.expected_value.text)}`
}

function sourceNow({ proposal, freshness: { state, columns, code } }: CardContent, paint: View['paint']): string {
  const canBeApplied = ['pending_review', 'approved'].includes(proposal.status)
  const consequence = canBeApplied ? ': applying would end in a conflict' : ''
  if (state === 'unchanged') return paint.green('unchanged')
  if (state === 'unknown') return paint.yellow(`not known${code === undefined ? '' : ` (${code})`}`)
  if (state === 'absent') return paint.yellow(`the row is gone${consequence}`)
  return paint.yellow(`changed since (${escapeUntrusted(columns.join(', '))})${consequence}`)
}

function decision({ proposal }: CardContent, { now, paint }: View): readonly Field[] {
  const { approval, expires_at } = proposal
  const role =
    approval.required_role === undefined ? 'anybody who did not propose it' : `role ${approval.required_role}`
  const expiry = `${expires_at} (${until(expires_at, now)})`
  return [
    ['Needs', `${escapeUntrusted(role)}, ${quorumOf(proposal)} so far`],
    ...approval.decisions.map(
      ({ approver, decision: what, reason, decided_at }): Field => [
        'Decided',
        escapeUntrusted(`${what} by ${approver} at ${decided_at}${reason === undefined ? '' : `: ${reason}`}`),
      ],
    ),
    ...(proposal.information_requested === undefined
      ? []
      : [['Asked back', escapeUntrusted(proposal.information_requested)] as const]),
    ['Expires', isSoon(expires_at, now) ? paint.yellow(expiry) : expiry],
    ['Hash', proposal.hash],
    ['Version', String(proposal.version)],
  ]
}

function whatApprovingDoes({ status, frozen, diff, next }: Proposal): readonly string[] {
  if (status !== 'pending_review') return [escapeUntrusted(next)]
  const { executor, source, target } = frozen
  const columns = count(Object.keys(diff).length, 'column')
  const how =
    executor.type === 'sql_update'
      ? `an apply may then change ${columns} of one row of ${target.table} in ${source.name}, once`
      : `an apply may then hand this change to ${executor.name ?? executor.type}, once`
  return [
    escapeUntrusted(`Approving binds this exact hash: ${how}, if the guard still holds. It writes nothing by itself.`),
  ]
}
