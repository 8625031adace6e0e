import type { Envelope, JsonScalar } from '../../index.js'
import type { View } from '../command.js'
import { escapeUntrusted } from '../untrusted-text.js'
import { type Field, renderFields } from './fields.js'
import { renderTable } from './table.js'
import { shown } from './value.js'
import { wrap } from './wrap.js'

/** What a call was answered with. */
export function renderAnswer(answer: Envelope, view: View): string {
  const { ok, error, data, proposal, run } = answer
  if (!ok && error !== undefined) return refusal(error, view)
  const parts = [
    ...(data === undefined ? [] : [rows(data, view)]),
    ...(proposal === undefined ? [] : [proposed(proposal, view)]),
    ...(run === undefined ? [] : [runOf(run, view)]),
    wrap(escapeUntrusted(answer.summary), view.columns).join('\n'),
    ...whatNow(answer),
  ]
  return parts.join('\n\n')
}

function refusal({ code, message, next, retry_after_ms }: NonNullable<Envelope['error']>, { paint }: View): string {
  const wait = retry_after_ms === undefined ? [] : [`  Wait ${Math.ceil(retry_after_ms / 1000)} s.`]
  return [
    `${paint.red('refused')} ${paint.bold(code)}: ${escapeUntrusted(message)}`,
    `  ${escapeUntrusted(next)}`,
    ...wait,
  ].join('\n')
}

type Row = Readonly<Record<string, JsonScalar>>

function rows(data: NonNullable<Envelope['data']>, { columns }: View): string {
  if (!isList(data))
    return renderFields(
      Object.entries(data).map(([name, value]) => [escapeUntrusted(name), shown(value)]),
      columns,
    )
  const [first] = data
  if (first === undefined) return 'No rows.'
  const names = Object.keys(first)
  return renderTable(
    data,
    names.map((name) => ({
      title: escapeUntrusted(name),
      // Escaped by the table.
      value: (row: Row) => JSON.stringify(row[name] ?? null),
      narrow: 'cut' as const,
    })),
    columns,
  )
}

function isList(data: NonNullable<Envelope['data']>): data is readonly Row[] {
  return Array.isArray(data)
}

type ProposalPart = NonNullable<Envelope['proposal']>

function proposed(proposal: ProposalPart, { columns, paint }: View): string {
  const { id, status, target } = proposal
  return [
    paint.bold(`${escapeUntrusted(id)}  ${status}`),
    '',
    renderFields([['Object', escapeUntrusted(`${target.type} ${target.id}`)], ...changes(proposal)], columns),
    '',
    renderFields(decision(proposal), columns),
  ].join('\n')
}

function changes({ diff }: ProposalPart): readonly Field[] {
  return Object.entries(diff).flatMap(([column, { before, after }]): readonly Field[] => {
    const label = escapeUntrusted(column)
    if (before === undefined) return [[label, `+ ${shown(after)}`]]
    return [
      [label, `- ${shown(before)}`],
      ['', `+ ${shown(after)}`],
    ]
  })
}

function decision({ approval, expires_at, hash }: ProposalPart): readonly Field[] {
  const { required_role, required_approvals = 1 } = approval ?? {}
  const role = required_role === undefined ? 'anybody who did not propose it' : `role ${required_role}`
  return [
    ['Needs', `${required_approvals} of ${escapeUntrusted(role)}`],
    ['Expires', expires_at],
    ['Hash', hash],
  ]
}

function runOf(
  { run_id, status, awaiting, waiting_for, question, proposal_id }: NonNullable<Envelope['run']>,
  view: View,
): string {
  const fields: readonly (readonly [string, string | null | undefined])[] = [
    ['Waits for', awaiting],
    ['Step', waiting_for],
    ['Question', question],
    ['Proposal', proposal_id],
  ]
  const known = fields.flatMap(([label, value]): Field[] => (value == null ? [] : [[label, escapeUntrusted(value)]]))
  const title = view.paint.bold(`${escapeUntrusted(run_id)}  ${status}`)
  return known.length === 0 ? title : [title, '', renderFields(known, view.columns)].join('\n')
}

/** Lines to type, of the person who decides. */
function whatNow({ proposal, run }: Envelope): readonly string[] {
  const id =
    proposal?.status === 'pending_review' ? proposal.id : run?.status === 'waiting_approval' ? run.proposal_id : null
  if (id === null) return []
  const shownId = escapeUntrusted(id)
  return [`  synapsor-runner proposals show ${shownId}\n  synapsor-runner proposals approve ${shownId} --as <person>`]
}
