import type { ErrorCode } from '../errors.js'
import type { JsonScalar } from '../protocol/values.js'
import type { ContractCase } from './cases.js'
import type { Outcome } from './outcome.js'
import type { ContractCaseDifference } from './report.js'

type Expected = ContractCase['expect']

/** What is not as the case says. `visible` are the columns whose values may be told. */
export function compareOutcome(
  expected: Expected,
  outcome: Outcome,
  visible: readonly string[],
): readonly ContractCaseDifference[] {
  if ('refused' in expected) return compareRefusal(expected.refused, outcome)
  if ('proposed' in expected) return compareProposal(expected, outcome, visible)
  return compareRead(expected.read, outcome, visible)
}

/** What happened instead, in words. */
function told(outcome: Outcome): string {
  if (outcome.kind !== 'refused') return outcome.kind === 'read' ? 'It was answered.' : 'It was proposed.'
  const [first = ''] = outcome.error.message.split('\n')
  return `It was refused with ${outcome.error.code}: ${first}`
}

type Refusal = Extract<Expected, { refused: unknown }>['refused']

function compareRefusal(refused: Refusal, outcome: Outcome): readonly ContractCaseDifference[] {
  const { code, argument }: { code: ErrorCode; argument?: string } =
    typeof refused === 'string' ? { code: refused } : refused
  if (outcome.kind !== 'refused') return [{ path: '/expect/refused', message: told(outcome), expected: code }]
  const { error } = outcome
  if (error.code !== code) {
    return [{ path: '/expect/refused', message: told(outcome), expected: code, actual: error.code }]
  }
  const named = error.details.argument
  if (argument === undefined || named === argument) return []
  const actual = typeof named === 'string' ? named : null
  return [{ path: '/expect/refused/argument', message: 'Another argument is named.', expected: argument, actual }]
}

function compareProposal(
  { proposed, partial }: Extract<Expected, { proposed: unknown }>,
  outcome: Outcome,
  visible: readonly string[],
): readonly ContractCaseDifference[] {
  const path = '/expect/proposed'
  if (outcome.kind !== 'proposed') return [{ path, message: told(outcome) }]
  const { diff } = outcome.proposal
  const further = partial === true ? [] : Object.keys(diff).filter((column) => !Object.hasOwn(proposed, column))
  return [
    ...rowDifferences(outcome.row),
    ...Object.entries(proposed).flatMap(([column, value]): readonly ContractCaseDifference[] => {
      const change = Object.hasOwn(diff, column) ? diff[column] : undefined
      if (change === undefined) return [{ path: `${path}/${column}`, message: `It does not change ${column}.` }]
      return compareChange({ path: `${path}/${column}`, column, value, change, isVisible: visible.includes(column) })
    }),
    ...further.map((column) => ({ path, message: `It changes ${column}, too.` })),
  ]
}

interface ChangeComparison {
  readonly path: string
  readonly column: string
  readonly value: JsonScalar | Change
  readonly change: Change
  readonly isVisible: boolean
}

function compareChange({
  path,
  column,
  value,
  change,
  isVisible,
}: ChangeComparison): readonly ContractCaseDifference[] {
  const after = { what: `The new value of ${column}`, actual: change.after, isVisible }
  if (!isChange(value)) return compareValue({ ...after, path, expected: value })
  const before = { what: `The old value of ${column}`, actual: change.before, isVisible }
  return [
    ...compareValue({ ...before, path: `${path}/before`, expected: value.before }),
    ...compareValue({ ...after, path: `${path}/after`, expected: value.after }),
  ]
}

type Change = { readonly before: JsonScalar; readonly after: JsonScalar }

function isChange(value: JsonScalar | Change): value is Change {
  return typeof value === 'object' && value !== null
}

/** A proposal writes nothing, and its author wants to see that. */
function rowDifferences(row: Extract<Outcome, { kind: 'proposed' }>['row']): readonly ContractCaseDifference[] {
  if (row === 'unchanged') return []
  const words = {
    changed: 'The row has changed',
    absent: 'The row is gone',
    unknown: 'The row could not be read again',
  }
  return [{ path: '/expect/proposed', message: `${words[row]} since it was proposed.` }]
}

function compareRead(
  { row_count, columns = {} }: Extract<Expected, { read: unknown }>['read'],
  outcome: Outcome,
  visible: readonly string[],
): readonly ContractCaseDifference[] {
  const path = '/expect/read'
  if (outcome.kind !== 'read') return [{ path, message: told(outcome) }]
  const { inspection } = outcome
  const counts =
    row_count === undefined || row_count === inspection.row_count
      ? []
      : [
          {
            path: `${path}/row_count`,
            message: 'There are other rows.',
            expected: row_count,
            actual: inspection.row_count,
          },
        ]
  if (Array.isArray(inspection.data)) {
    const asked = Object.keys(columns).length > 0
    return asked
      ? [...counts, { path: `${path}/columns`, message: 'A list has no one row: test its row_count.' }]
      : counts
  }
  const row: Readonly<Record<string, unknown>> = { ...inspection.data }
  return [
    ...counts,
    ...Object.entries(columns).flatMap(([column, expected]): readonly ContractCaseDifference[] => {
      const at = `${path}/columns/${column}`
      if (!visible.includes(column)) return [{ path: at, message: `The capability does not show ${column}.` }]
      return compareValue({ path: at, what: `The value of ${column}`, expected, actual: row[column], isVisible: true })
    }),
  ]
}

interface Comparison {
  readonly path: string
  readonly what: string
  readonly expected: JsonScalar
  readonly actual: unknown
  readonly isVisible: boolean
}

function compareValue({ path, what, expected, actual, isVisible }: Comparison): readonly ContractCaseDifference[] {
  if (actual === expected) return []
  const message = isVisible ? `${what} is another one.` : `${what} is another one, which the capability does not show.`
  return [{ path, message, expected, ...(isVisible && isScalar(actual) ? { actual } : {}) }]
}

function isScalar(value: unknown): value is JsonScalar {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}
