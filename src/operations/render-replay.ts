import { canonicalJson } from '../protocol/canonical.js'
import { type JsonScalar, jsonScalar, rowToJson } from '../protocol/values.js'
import type { Replay, ReplayStep } from './replay.js'

/** Renders a replay for people (`markdown`) or for tools (`json`, canonical). Row text is shown as data, escaped. */
export function renderReplay(replay: Replay, format: 'markdown' | 'json'): string {
  return format === 'json' ? canonicalJson(replay) : markdown(replay)
}

function markdown(replay: Replay): string {
  const { proposal } = replay
  return [
    `# Replay of ${proposal.id}`,
    '',
    `| | |`,
    `| --- | --- |`,
    row('Capability', proposal.capability),
    row('Object', `${proposal.target.type} ${proposal.target.id}`),
    row('Tenant', proposal.context.tenant_id),
    row('Proposed by', proposer(replay)),
    row('Status', proposal.status),
    row('Hash', proposal.hash),
    row('Expires', proposal.expires_at),
    '',
    '## Evidence',
    '',
    ...evidence(replay),
    '',
    '## Change',
    '',
    '| Column | Before | After |',
    '| --- | --- | --- |',
    ...Object.entries(proposal.diff).map(
      ([column, { before, after }]) => `| ${cell(column)} | ${cell(before)} | ${cell(after)} |`,
    ),
    '',
    '## Timeline',
    '',
    '| Seq | At | What | By | Entry |',
    '| --- | --- | --- | --- | --- |',
    ...replay.timeline.map(step),
    '',
    ...receipt(replay),
  ].join('\n')
}

function proposer({ proposal }: Replay): string {
  const { principal, on_behalf_of } = proposal.context
  return on_behalf_of === undefined ? principal : `${principal} for ${on_behalf_of}`
}

function evidence({ evidence: found, proposal }: Replay): readonly string[] {
  if (found === null) return [`${proposal.evidence_bundle_id}: not available or not as recorded.`]
  const [first] = found.rows
  return [
    `${found.bundle_id}, read at ${found.captured_at}, digest verified.`,
    '',
    ...(first === undefined ? [] : ['| Column | Value |', '| --- | --- |', ...columns(rowToJson(first))]),
  ]
}

function columns(values: Readonly<Record<string, JsonScalar>>): readonly string[] {
  return Object.entries(values).map(([column, value]) => row(column, value))
}

function receipt({ proposal }: Replay): readonly string[] {
  const { receipt: found } = proposal
  if (found === undefined) return ['No receipt: nothing was written.', '']
  return [
    '## Receipt',
    '',
    '| | |',
    '| --- | --- |',
    row('Receipt', found.receipt_id),
    row('Status', found.status),
    row('Rows affected', found.rows_affected),
    row('Version', `${found.previous_version ?? 'none'} → ${found.new_version ?? 'none'}`),
    row('Executed at', found.executed_at),
    row('Hash', found.receipt_hash),
    ...(found.new_object_id === null ? [] : [row('New object', found.new_object_id)]),
    ...(found.safe_error_code === null ? [] : [row('Reason', found.safe_error_code)]),
    ...Object.entries(found.details).map(([name, value]) => row(`Detail ${name}`, plain(value))),
    '',
  ]
}

/** What an app tells beyond its receipt is any JSON. */
function plain(value: unknown): JsonScalar {
  return typeof value === 'object' && value !== null ? canonicalJson(value) : jsonScalar().parse(value)
}

function step({ seq, at, type, hash, body }: ReplayStep): string {
  return `| ${seq} | ${cell(at)} | ${cell(type)} | ${cell(actor(body))} | ${cell(hash.slice(0, 19))} |`
}

/** Who an entry names, where it names somebody. */
function actor(body: unknown): string {
  if (typeof body !== 'object' || body === null) return ''
  if ('approver' in body && typeof body.approver === 'object' && body.approver !== null && 'id' in body.approver) {
    return String(body.approver.id)
  }
  return 'by' in body && typeof body.by === 'string' ? body.by : ''
}

function row(name: string, value: JsonScalar): string {
  return `| ${cell(name)} | ${cell(value)} |`
}

/** What Markdown acts on: marks, an underscore at the edge of a word, and what a link begins with. */
const ACTIVE = /[\\`*[\]!|~]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|:(?=\/\/)|(?<=\bwww)\./giu

/** A value in one table cell: its Markdown, HTML, control and text-direction characters have no effect. */
export function cell(value: JsonScalar): string {
  if (value === null) return '*null*'
  return String(value)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (found) => `\\u{${found.codePointAt(0)?.toString(16)}}`)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(ACTIVE, (found) => `&#${found.charCodeAt(0)};`)
}
