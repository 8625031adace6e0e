/** How an inspection looks to people. Names come from the database, so that all of them are escaped. */
import type { Note, TableAssessment } from '../../onboarding/assessment.js'
import type { View } from '../command.js'
import type { Inspection } from '../documents/inspection.js'
import { count } from '../text/lines.js'
import { type Column, renderTable } from '../text/table.js'
import { headOf } from './head.js'

/** More are summed up, unless all are asked for. */
const MOST_TABLES = 40

interface Listing {
  readonly all: boolean
  readonly view: View
}

export function renderInspection(inspection: Inspection, { all, view }: Listing): string {
  const { tables } = inspection
  const shown = all ? tables : tables.slice(0, MOST_TABLES)
  const more = tables.length - shown.length
  return [
    headOf(inspection),
    renderTable(shown, columnsOf(inspection, view), view.columns),
    ...(more > 0 ? [`${count(more, 'more table')}: --all lists every one, --schema those of one schema.`] : []),
    summaryOf(tables, view),
    'All about one of them: --table NAME.',
  ].join('\n\n')
}

/** With its schema where there is more than one. */
function columnsOf({ tables }: Inspection, { paint }: View): readonly Column<TableAssessment>[] {
  const schemas = new Set(tables.map(({ table }) => table.schema))
  const nameOf = ({ table: { schema, table } }: TableAssessment) =>
    schemas.size > 1 && schema !== null ? `${schema}.${table}` : table
  return [
    { title: 'TABLE', value: nameOf, narrow: 'cut' },
    {
      title: 'KIND',
      value: ({ table }) => (table.kind === 'table' ? '' : table.kind.replace('_', ' ')),
      narrow: 'drop',
    },
    { title: 'KEY', value: ({ key }) => key ?? '-', narrow: 'cut' },
    { title: 'TENANT', value: ({ tenant_keys }) => tenant_keys[0]?.column ?? '-', narrow: 'cut' },
    { title: 'VERSION', value: ({ version_columns }) => version_columns[0]?.column ?? '-', narrow: 'drop' },
    {
      title: 'NOTES',
      value: ({ notes }) => codesOf(notes),
      narrow: 'cut',
      paint: (cell, { notes }) => (isRefused(notes) ? paint.red(cell) : paint.yellow(cell)),
    },
  ]
}

/** What stops a write, else what is unwise about one. */
function codesOf(notes: readonly Note[]): string {
  const refused = notes.filter(({ severity }) => severity === 'refuse')
  const told = refused.length > 0 ? refused : notes
  return [...new Set(told.map(({ code }) => code))].join(' ')
}

function isRefused(notes: readonly Note[]): boolean {
  return notes.some(({ severity }) => severity === 'refuse')
}

function summaryOf(tables: readonly TableAssessment[], { paint }: View): string {
  const refused = tables.filter(({ notes }) => isRefused(notes)).length
  const bare = tables.filter(({ notes, tenant_keys }) => !isRefused(notes) && tenant_keys.length === 0).length
  const ready = tables.length - refused - bare
  const parts = [
    paint.green(`${ready} ready`),
    ...(bare === 0 ? [] : [paint.yellow(`${bare} without a tenant column`)]),
    ...(refused === 0 ? [] : [paint.red(`${refused} not for reviewed writes`)]),
  ]
  return `${count(tables.length, 'table')}: ${parts.join(', ')}.`
}
