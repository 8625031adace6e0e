import type { ContractCaseDifference, ContractCaseResult, ContractTestReport } from '../../index.js'
import type { View } from '../command.js'
import { escapeUntrusted } from '../untrusted-text.js'
import { count } from './lines.js'
import { shown } from './value.js'
import { wrap } from './wrap.js'

/** Each case on a line, what differs below it, and at the end what no case calls. */
export function renderContractTest(report: ContractTestReport, view: View): string {
  const parts = [report.cases.map((each) => renderCase(each, view)).join('\n'), uncovered(report, view)]
  return [...parts.filter((part) => part !== ''), summaryOf(report, view)].join('\n\n')
}

function renderCase({ name, ok, differences }: ContractCaseResult, view: View): string {
  const mark = ok ? view.paint.green('pass') : view.paint.red('FAIL')
  const [first = '', ...rest] = wrap(escapeUntrusted(name), view.columns - INDENT.length)
  const title = [`${mark}  ${first}`, ...rest.map((line) => `${INDENT}${line}`)]
  return [...title, ...differences.flatMap((each) => renderDifference(each, view))].join('\n')
}

const INDENT = '      '

function renderDifference({ path, message, expected, actual }: ContractCaseDifference, view: View): readonly string[] {
  const values = [
    ...(expected === undefined ? [] : [`expected  ${shown(expected)}`]),
    ...(actual === undefined ? [] : [`actual    ${shown(actual)}`]),
  ]
  return [...[escapeUntrusted(path), escapeUntrusted(message)], ...values]
    .flatMap((text) => wrap(text, view.columns - INDENT.length))
    .map((line) => `${INDENT}${line}`)
}

function uncovered({ uncovered: names }: ContractTestReport, { paint, columns }: View): string {
  if (names.length === 0) return ''
  const words = `No case calls ${names.map(escapeUntrusted).join(', ')}.`
  return wrap(words, columns)
    .map((line) => paint.yellow(line))
    .join('\n')
}

function summaryOf({ passed, failed, ok }: ContractTestReport, { paint }: View): string {
  const words = `${count(passed, 'case')} passed, ${failed} failed.`
  return ok ? paint.green(words) : paint.red(words)
}
