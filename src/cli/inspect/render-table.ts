import type { SurveyedTable } from '../../drivers/survey.js'
import type { ColumnAssessment, Note, TableAssessment } from '../../onboarding/assessment.js'
import { type ColumnLimits, suggestLimits } from '../../onboarding/suggest-limits.js'
import type { View } from '../command.js'
import type { Inspection } from '../documents/inspection.js'
import { type Field, renderFields } from '../text/fields.js'
import { type Column, renderTable } from '../text/table.js'
import { escapeUntrusted } from '../untrusted-text.js'
import { headOf } from './head.js'

/** All that is known of one table, and what it suggests. */
export function renderTableInspection(inspection: Inspection, assessment: TableAssessment, view: View): string {
  const { table, columns, notes } = assessment
  const limits = suggestLimits(table)
  const rows = columns.map((column, place) => ({
    column,
    type: table.columns[place]?.type ?? '',
    limits: limitsText(limits.get(column.column)),
  }))
  return [
    headOf(inspection),
    [view.paint.bold(escapeUntrusted(nameOf(table))), renderFields(fieldsOf(assessment), view.columns)].join('\n'),
    renderTable(rows, COLUMNS, view.columns),
    ...reasons(columns, view),
    ...(notes.length === 0 ? [] : [renderNotes(notes, view)]),
  ].join('\n\n')
}

function nameOf({ schema, table }: SurveyedTable): string {
  return schema === null ? table : `${schema}.${table}`
}

interface Row {
  readonly column: ColumnAssessment
  readonly type: string
  readonly limits: string
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'COLUMN', value: ({ column }) => column.column, narrow: 'cut' },
  { title: 'TYPE', value: ({ type }) => type, narrow: 'cut' },
  { title: 'USE', value: ({ column }) => useOf(column) },
  { title: 'LIMITS', value: ({ limits }) => limits, narrow: 'drop' },
]

/** What an agent could do with it, unless a person decides otherwise. */
function useOf({ role, is_visible, is_writable, is_untrusted }: ColumnAssessment): string {
  const verb = !is_visible ? 'hidden' : is_writable ? 'read, propose' : 'read'
  return [...(role === 'data' ? [] : [role]), verb, ...(is_untrusted ? ['untrusted'] : [])].join(', ')
}

function limitsText(limits: ColumnLimits | undefined): string {
  if (limits === undefined) return ''
  const { minimum, maximum, values, max_length } = limits
  if (values !== undefined) return values.join(' | ')
  const range = minimum === undefined && maximum === undefined ? [] : [`${minimum ?? ''}..${maximum ?? ''}`]
  return [...range, ...(max_length === undefined ? [] : [`at most ${max_length} characters`])].join(', ')
}

function fieldsOf({ table, key, tenant_keys, version_columns }: TableAssessment): readonly Field[] {
  const lists = (name: string, keys: readonly (readonly string[])[]): readonly Field[] =>
    keys.map((columns) => [name, columns.join(', ')])
  const fields: readonly Field[] = [
    ['kind', table.kind.replace('_', ' ')],
    ...(table.comment === null ? [] : [['comment', table.comment] as const]),
    ['key', key ?? 'none'],
    ...(tenant_keys.length === 0 ? [['tenant', 'none'] as const] : []),
    ...tenant_keys.map(({ column, why }): Field => ['tenant', `${column}: ${why}`]),
    ...(version_columns.length === 0 ? [['version', 'none'] as const] : []),
    ...version_columns.map(({ column, why, strength }): Field => ['version', `${column}: ${why} (${strength})`]),
    ...lists('unique', table.unique_keys),
    ...table.foreign_keys.map(({ columns, references }): Field => {
      const to = references.schema === null ? references.table : `${references.schema}.${references.table}`
      return ['refers', `${columns.join(', ')} to ${to} (${references.columns.join(', ')})`]
    }),
    ...table.checks.map(({ expression }): Field => ['check', expression]),
  ]
  return fields.map(([label, value]) => [label, escapeUntrusted(value)])
}

function reasons(columns: readonly ColumnAssessment[], view: View): readonly string[] {
  const told = columns.flatMap(({ column, why, role }): readonly Field[] =>
    why === null || role !== 'data' ? [] : [[escapeUntrusted(column), escapeUntrusted(why)]],
  )
  return told.length === 0 ? [] : [['Why', renderFields(told, view.columns)].join('\n')]
}

function renderNotes(notes: readonly Note[], { paint, columns }: View): string {
  const fields = notes.flatMap(({ severity, code, message, next }): readonly Field[] => [
    [severity === 'refuse' ? 'x' : '!', escapeUntrusted(`${message} (${code})`)],
    ['', escapeUntrusted(next)],
  ])
  const isRefused = notes.some(({ severity }) => severity === 'refuse')
  const title = isRefused ? paint.red('No reviewed write can go here') : paint.yellow('To look at')
  return [title, renderFields(fields, columns)].join('\n')
}
