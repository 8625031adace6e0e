import type { ContractProblem, Digest, ParsedConfig } from '../../index.js'
import type { View } from '../command.js'
import { escapeUntrusted } from '../untrusted-text.js'
import { renderFields } from './fields.js'
import { count } from './lines.js'
import { wrap } from './wrap.js'

/** What `validate` found. */
export interface ValidationContent {
  readonly name: string
  readonly errors: readonly ContractProblem[]
  readonly warnings: readonly ContractProblem[]
  readonly config: ParsedConfig | undefined
  readonly digest: Digest | undefined
}

export function renderValidation(content: ValidationContent, view: View): string {
  const { errors, warnings } = content
  const { paint } = view
  return [
    headline(content, view),
    ...inOrder(errors).map((one) => renderProblem(one, paint.red('error'), view)),
    ...inOrder(warnings).map((one) => renderProblem(one, paint.yellow('warning'), view)),
  ].join('\n\n')
}

/** As they stand in the file. */
function inOrder(problems: readonly ContractProblem[]): readonly ContractProblem[] {
  const at = ({ line = 0, column = 0 }: ContractProblem) => [line, column] as const
  return [...problems].sort((one, other) => {
    const [[line, column], [otherLine, otherColumn]] = [at(one), at(other)]
    return line - otherLine || column - otherColumn
  })
}

function headline({ name, errors, warnings, config, digest }: ValidationContent, { columns, paint }: View): string {
  const file = escapeUntrusted(name)
  if (config === undefined || digest === undefined)
    return paint.bold(`${file} is not valid: ${count(errors.length, 'error')}.`)
  const but = warnings.length === 0 ? '.' : `, with ${count(warnings.length, 'warning')}.`
  const reads = config.capabilities.filter(({ kind }) => kind === 'read').length
  return [
    paint.green(`${file} is valid${but}`),
    '',
    renderFields(
      [
        ['Mode', config.mode],
        ['Capabilities', `${count(reads, 'read')}, ${count(config.capabilities.length - reads, 'proposal')}`],
        ['Workflows', String(config.workflows.length)],
        ['Adapters', String(Object.keys(config.adapters).length)],
      ],
      columns,
    ),
    '',
    // Not indented, so that it keeps within 80 columns.
    `Digest  ${digest}`,
  ].join('\n')
}

/** Where, what, and what to do: the place first, as editors and terminals link it. */
function renderProblem({ path, code, message, line, column }: ContractProblem, severity: string, view: View): string {
  const place = line === undefined ? '' : `${line}:${column} `
  const words = wrap(escapeUntrusted(message), view.columns - 2).map((each) => `  ${each}`)
  return [`${place}${severity} ${view.paint.bold(code)} ${escapeUntrusted(path)}`, ...words].join('\n')
}
