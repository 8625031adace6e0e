import type { JsonSchema } from '../../index.js'
import type { View } from '../command.js'
import type { HiddenColumns } from '../tools/hidden-columns.js'
import type { LeftOut, Preview, PreviewedTool } from '../tools/preview.js'
import { escapeUntrusted } from '../untrusted-text.js'
import { type Field, renderFields } from './fields.js'
import { count } from './lines.js'
import { shown } from './value.js'
import { wrap } from './wrap.js'

export function renderPreview(preview: Preview, view: View): string {
  const { paint } = view
  const { tools, tokens, adapter, mode } = preview
  const by = adapter === null ? `mode ${mode}` : escapeUntrusted(`adapter ${adapter}`)
  return [
    paint.bold(`An agent sees ${count(tools.length, 'tool')} (${by}), about ${count(tokens, 'token')} in all.`),
    ...tools.map((tool) => renderTool(tool, view)),
    notExposed(preview, view),
  ].join('\n\n')
}

function renderTool(
  { wire_name, kind, tokens, description, input_schema, inline_evidence }: PreviewedTool,
  view: View,
): string {
  const { paint, columns } = view
  const args = Object.entries(input_schema.properties)
  return [
    `${paint.bold(escapeUntrusted(wire_name))}  ${kind}, about ${count(tokens, 'token')}`,
    ...wrap(escapeUntrusted(description), columns - 2).map((line) => `  ${line}`),
    ...(args.length === 0
      ? []
      : [
          renderFields(
            args.map(([name, schema]) => argument(name, schema, input_schema.required)),
            columns,
          ),
        ]),
    ...(inline_evidence === 'full' ? [] : [`  Of its answers it sees: ${inline_evidence}.`]),
  ].join('\n')
}

function argument(name: string, schema: JsonSchema, required: readonly string[]): Field {
  const { description } = schema
  const rules = [String(schema.type), ...(required.includes(name) ? [] : ['optional']), ...limitsOf(schema)].join(', ')
  return [escapeUntrusted(name), description === undefined ? rules : `${rules}. ${escapeUntrusted(description)}`]
}

function limitsOf({ enum: values, minimum, maximum, maxLength, pattern }: JsonSchema): readonly string[] {
  return [
    ...(values === undefined ? [] : [`one of ${values.map(shown).join(', ')}`]),
    ...(minimum === undefined ? [] : [`at least ${minimum}`]),
    ...(maximum === undefined ? [] : [`at most ${maximum}`]),
    ...(maxLength === undefined ? [] : [`at most ${maxLength} characters`]),
    ...(pattern === undefined ? [] : [`matching ${escapeUntrusted(pattern)}`]),
  ]
}

/** With its source, where there is another that could have such a table. */
function labelOf({ source, table }: HiddenColumns, all: readonly HiddenColumns[]): string {
  const isAlone = all.every((each) => each.source === source)
  return escapeUntrusted(isAlone ? `Columns of ${table}` : `Columns of ${table} (${source})`)
}

function notExposed(
  { not_exposed: { columns, capabilities, verbs } }: Preview,
  { columns: width, paint }: View,
): string {
  return [
    paint.bold('Not exposed'),
    renderFields(
      [
        ...columns.map((hidden): Field => [labelOf(hidden, columns), hiddenText(hidden)]),
        ...(capabilities.length === 0 ? [] : [['Capabilities', capabilities.map(leftOutText).join(', ')] as const]),
        ['Verbs', `${verbs.join(', ')}: no tool has them`],
      ],
      width,
    ),
  ].join('\n')
}

function hiddenText({ columns, is_complete, code }: HiddenColumns): string {
  const names = escapeUntrusted(columns.join(', '))
  if (is_complete) return names === '' ? 'none: every column is shown' : names
  const why = code === undefined ? 'the database was not asked' : `the database did not tell: ${code}`
  const others = `all that the contract does not name (${why})`
  return names === '' ? others : `${names}, and ${others}`
}

function leftOutText({ name, by }: LeftOut): string {
  return escapeUntrusted(`${name} (${by === 'mode' ? 'the mode is read_only' : 'the adapter leaves it out'})`)
}
