import type { Evidence, JsonScalar, TypedRow } from '../../index.js'
import { rowToJson } from '../../protocol/values.js'
import type { View } from '../command.js'
import { escapeUntrusted } from '../untrusted-text.js'
import { type Field, renderFields } from './fields.js'
import { count } from './lines.js'
import { fits, renderTable } from './table.js'
import { age } from './time.js'
import { shown } from './value.js'

/** Evidence, and the digest by which proposals cite it. */
export type ShownEvidence = Evidence & { readonly digest: string }

/** A card of who read what, and the rows; `visible` is the order of their columns, as far as it is known. */
export function renderEvidence(evidence: ShownEvidence, visible: readonly string[], view: View): string {
  const { bundle_id, rows, truncated } = evidence
  const { paint, columns } = view
  const more = truncated ? `${paint.yellow('There were more rows than the capability may read.')}\n` : ''
  return [
    paint.bold(escapeUntrusted(bundle_id)),
    '',
    renderFields(about(evidence, view), columns),
    '',
    paint.bold(rows.length === 0 ? 'No row was found' : count(rows.length, 'row')),
    `${more}${renderRows(rows, visible, columns)}`,
  ]
    .join('\n')
    .trimEnd()
}

function about(evidence: ShownEvidence, { now }: View): readonly Field[] {
  const { context, captured_at, run_id, step_key } = evidence
  const all: readonly (readonly [string, string | null])[] = [
    ['Capability', evidence.capability],
    ['Tenant', context.tenant_id],
    ['Read by', `${context.principal} (${context.provenance})`],
    ['On behalf of', context.on_behalf_of ?? null],
    ['At', `${captured_at} (${age(captured_at, now)} ago)`],
    ['Source', evidence.source],
    ['Run', run_id === null ? null : `${run_id}${step_key === null ? '' : `, step ${step_key}`}`],
    ['Query', evidence.query_fingerprint],
    ['Arguments', evidence.arguments_digest],
    ['Digest', evidence.digest],
  ]
  return all.flatMap(([label, value]): Field[] => (value === null ? [] : [[label, escapeUntrusted(value)]]))
}

type Row = Readonly<Record<string, JsonScalar>>

/** A table where it finds room, else each row on its own: nothing of a row is left out. */
function renderRows(rows: readonly TypedRow[], visible: readonly string[], width: number): string {
  const values = rows.map(rowToJson)
  const present = new Set(values.flatMap((row) => Object.keys(row)))
  const names = [...new Set([...visible, ...present])].filter((name) => present.has(name))
  const columns = names.map((name) => ({ title: escapeUntrusted(name), value: (row: Row) => cellOf(row, name) }))
  if (values.length > 1 && fits(values, columns, width)) return renderTable(values, columns, width)
  return values.map((row) => renderFields(fieldsOf(row, names), width)).join('\n\n')
}

function cellOf(row: Row, name: string): string {
  const value = row[name]
  return value === undefined ? '' : JSON.stringify(value)
}

function fieldsOf(row: Row, names: readonly string[]): readonly Field[] {
  return names.flatMap((name): Field[] => {
    const value = row[name]
    return value === undefined ? [] : [[escapeUntrusted(name), shown(value)]]
  })
}
