import type { View } from '../command.js'
import type { PlacedFinding } from '../place-findings.js'
import { escapeUntrusted } from '../untrusted-text.js'
import { count } from './lines.js'
import { wrap } from './wrap.js'

/** What `contract lint` found in a file. */
export interface LintContent {
  readonly name: string
  readonly findings: readonly PlacedFinding[]
}

export function renderLint({ name, findings }: LintContent, view: View): string {
  const file = escapeUntrusted(name)
  if (findings.length === 0) return view.paint.green(`Nothing in ${file} is risky by itself.`)
  return [...findings.map((each) => renderFinding(each, view)), summaryOf(file, findings, view)].join('\n\n')
}

/** Where, what, and what to do: the place first, as editors and terminals link it. */
function renderFinding({ severity, code, path, message, next, line, column }: PlacedFinding, view: View): string {
  const { paint, columns } = view
  const place = line === undefined ? '' : `${line}:${column} `
  const painted = { error: paint.red, warning: paint.yellow, info: paint.cyan }[severity](severity)
  const words = [message, next].flatMap((text) => wrap(escapeUntrusted(text), columns - 2)).map((each) => `  ${each}`)
  return [`${place}${painted} ${paint.bold(code)} ${escapeUntrusted(path)}`, ...words].join('\n')
}

function summaryOf(file: string, findings: readonly PlacedFinding[], { paint }: View): string {
  const many = (severity: PlacedFinding['severity']) => findings.filter((each) => each.severity === severity).length
  const errors = many('error')
  const words = `${file}: ${count(errors, 'error')}, ${count(many('warning'), 'warning')}, ${many('info')} to improve.`
  return errors > 0 ? paint.red(words) : paint.green(words)
}
