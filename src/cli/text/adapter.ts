import type { View } from '../command.js'
import type { AdapterDocument } from '../commands/adapters/show.js'
import { escapeUntrusted } from '../untrusted-text.js'
import { type Field, renderFields } from './fields.js'
import { renderTable } from './table.js'

export function renderAdapter(adapter: AdapterDocument, { columns, paint }: View): string {
  const { name, type, tools } = adapter
  return [
    paint.bold(`${escapeUntrusted(name)}  ${type}`),
    '',
    renderFields(rulesOf(adapter), columns),
    '',
    renderTable(
      tools,
      [
        { title: 'TOOL', value: (tool) => tool.name, narrow: 'cut' },
        { title: 'KIND', value: ({ kind }) => kind },
        { title: 'CAPABILITY', value: ({ capability }) => capability ?? '', narrow: 'cut' },
        { title: 'SHOWS', value: ({ inline_evidence }) => inline_evidence },
      ],
      columns,
    ),
  ].join('\n')
}

function rulesOf({ roles, tenants, session_bind, require_evidence }: AdapterDocument): readonly Field[] {
  const bound = Object.entries(session_bind ?? {}).map(([field, { claim }]) => `${field} from ${claim}`)
  const rules: readonly (readonly [string, string])[] = [
    ['Roles', roles?.join(', ') ?? 'any'],
    ['Tenants', tenants?.join(', ') ?? 'all'],
    ['Claims', bound.join(', ') || 'none: the contexts of the contract'],
    ['Evidence', require_evidence ? 'an answer that cites none is an error' : 'recorded for every call'],
  ]
  return rules.map(([label, value]) => [label, escapeUntrusted(value)])
}
