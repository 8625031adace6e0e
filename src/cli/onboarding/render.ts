import { proposes } from '../../onboarding/check-selection.js'
import type { Selection } from '../../onboarding/selection.js'
import type { View } from '../command.js'
import { renderAnswer } from '../text/answer.js'
import { type Field, renderFields } from '../text/fields.js'
import { renderFindings } from '../text/findings.js'
import { count } from '../text/lines.js'
import { escapeUntrusted } from '../untrusted-text.js'
import type { Tried } from './first-call.js'
import type { NotExposed } from './left-out.js'

/** What an onboarding did, for people. */
export interface Onboarded extends Tried {
  readonly folder: string
  readonly files: readonly string[]
  readonly checked: 'database' | 'file' | null
  readonly not_exposed: NotExposed
  readonly warnings: readonly string[]
  readonly variables: readonly string[]
  readonly operators: string | null
  readonly git_ignore: readonly string[]
  readonly next: readonly string[]
  readonly snippet: string | null
  readonly selection: Selection
  readonly tools: readonly string[]
}

export function renderOnboarding(onboarded: Onboarded, view: View): string {
  const { first_call, findings, snippet } = onboarded
  const { paint } = view
  return [
    written(onboarded, view),
    chosen(onboarded, view),
    hidden(onboarded, view),
    ...worthKnowing(onboarded, view),
    ...toDo(onboarded, view),
    ...(findings === null ? [] : [`${paint.bold('Looked over')}\n${renderFindings(findings, view)}`]),
    ...(first_call === null ? [] : [`${paint.bold('First call')}\n${renderAnswer(first_call, view)}`]),
    ...(snippet === null
      ? []
      : [`${paint.bold('For Claude Desktop; others are in .synapsor/mcp')}\n${snippet.trimEnd()}`]),
    [paint.bold('Next'), ...onboarded.next.map((line) => `  ${escapeUntrusted(line)}`)].join('\n'),
  ].join('\n\n')
}

const CHECKED = {
  database: 'Every name in it was checked against the database.',
  file: 'Every name in it was checked against the inspection.',
} as const

function written({ folder, files, checked }: Onboarded, { paint }: View): string {
  return [
    paint.bold(`Written to ${escapeUntrusted(folder)}`),
    ...files.map((file) => `  ${escapeUntrusted(file)}`),
    checked === null ? paint.yellow('The database was not asked: nothing was checked against it.') : CHECKED[checked],
  ].join('\n')
}

/** What a person should look at once more, above all where it was suggested. */
function chosen({ selection, tools }: Onboarded, { paint, columns }: View): string {
  const { schema, table, primary_key, tenant_key, conflict_column, weak_guard_ack, patch, allowed_columns } = selection
  const named = patch === undefined ? (allowed_columns ?? []) : Object.keys(patch)
  const proposed = proposes(selection) ? named : []
  const version = conflict_column ?? (weak_guard_ack === true ? 'none: every reviewed column is compared' : undefined)
  const fields: readonly Field[] = [
    ['Table', schema === undefined ? table : `${schema}.${table}`],
    ['Key', primary_key],
    ['Tenant', tenant_key ?? 'none: every session sees every row'],
    ['Shows', selection.visible_columns.join(', ')],
    ['Proposes', proposed.length === 0 ? 'nothing' : proposed.join(', ')],
    ...(version === undefined || proposed.length === 0 ? [] : [['Version', version] as const]),
    ['Tools', tools.join(', ')],
  ]
  return `${paint.bold('The contract')}\n${renderFields(fields, columns)}`
}

/** More names than these are a number. */
const MOST_NAMES = 20

function hidden({ not_exposed: { tables, columns, verbs } }: Onboarded, { paint, columns: width }: View): string {
  const names = (all: readonly string[] | null, what: string): string => {
    if (all === null) return 'the database was not asked'
    if (all.length === 0) return 'none'
    const first = all.slice(0, MOST_NAMES).map(escapeUntrusted).join(', ')
    return all.length > MOST_NAMES ? `${first} and ${count(all.length - MOST_NAMES, `more ${what}`)}` : first
  }
  const fields: readonly Field[] = [
    ['Tables', tables === null ? 'every other one' : names(tables, 'table')],
    ['Columns', columns === null ? 'every one that is not named' : names(columns, 'column')],
    ['Verbs', `${verbs.join(', ')}: no tool has them`],
  ]
  return `${paint.bold('Not exposed')}\n${renderFields(fields, width)}`
}

function worthKnowing({ warnings }: Onboarded, { paint, columns }: View): readonly string[] {
  if (warnings.length === 0) return []
  const fields = warnings.map((warning): Field => ['!', escapeUntrusted(warning)])
  return [`${paint.bold('Worth knowing')}\n${renderFields(fields, columns)}`]
}

function toDo(
  { variables, operators, git_ignore, files, selection }: Onboarded,
  { paint, columns }: View,
): readonly string[] {
  const fields: readonly Field[] = [
    // A file has no roles, and a command makes its table of receipts.
    ...(files.includes('synapsor.roles.sql') && selection.engine !== 'sqlite'
      ? [['Roles', 'Read synapsor.roles.sql and run it in the database.'] as const]
      : []),
    ...(variables.length === 0 ? [] : [['Variables', `Set ${variables.join(', ')}. See .env.example.`] as const]),
    ...(operators === null ? [] : [['Reviewers', `Add to the contract who may decide: ${operators}`] as const]),
    ...(git_ignore.length === 0 ? [] : [['Git', `Add to .gitignore: ${git_ignore.join(' and ')}`] as const]),
  ]
  return fields.length === 0 ? [] : [`${paint.bold('For you to do')}\n${renderFields(fields, columns)}`]
}
