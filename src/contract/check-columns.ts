import { type DraftProposal, itemsOf } from './draft.js'
import { type ContractProblem, type Path, problem } from './problems.js'
import { isProposal, type Subject, writerOf } from './subject.js'
import { didYouMean } from './suggest.js'
import { isSystemColumn } from './system-objects.js'

interface ListedColumns {
  readonly columns: readonly (string | undefined)[] | undefined
  readonly path: Path
  readonly ownedByApp: boolean
}

function* checkList({ columns, path, ownedByApp }: ListedColumns): Iterable<ContractProblem> {
  const seen = new Set<string>()
  for (const [index, column] of itemsOf(columns)) {
    const at = [...path, index]
    if (seen.has(column)) yield problem('DUPLICATE_NAME', at, `Name \`${column}\` once.`)
    seen.add(column)
    if (!ownedByApp && isSystemColumn(column)) {
      yield problem('SYSTEM_OBJECT', at, `Remove \`${column}\`: it belongs to the database.`)
    }
  }
}

/** Columns that are read and written are columns of the table, each named once. */
export function* checkColumns(subject: Subject): Iterable<ContractProblem> {
  const { capability, path } = subject
  const visible = capability.visible_columns
  yield* checkList({ columns: visible, path: [...path, 'visible_columns'], ownedByApp: false })
  for (const [index, column] of itemsOf(capability.untrusted_columns)) {
    if (visible === undefined || visible.includes(column)) continue
    const known = itemsOf(visible).map(([, name]) => name)
    const message = `Name a visible column: \`${column}\` is not in \`visible_columns\`.${didYouMean(column, known)}`
    yield problem('UNKNOWN_REFERENCE', [...path, 'untrusted_columns', index], message)
  }
  if (isProposal(subject)) yield* checkWritable(subject)
}

/** Protected columns of a proposal, in lower case: SQLite and MySQL know no case in column names. */
function protectedColumns({ target, conflict_guard }: DraftProposal): ReadonlyMap<string, string> {
  const columns: (readonly [string | undefined, string])[] = [
    [target?.primary_key, 'the primary key'],
    [target?.tenant_key, 'the tenant column'],
    [conflict_guard?.column, 'the version column'],
  ]
  return new Map(columns.flatMap(([column, role]) => (column === undefined ? [] : [[column.toLowerCase(), role]])))
}

function* checkWritable(subject: Subject<DraftProposal>): Iterable<ContractProblem> {
  const { capability, path } = subject
  const ownedByApp = writerOf(subject) === 'app'
  const refused = protectedColumns(capability)
  const allowed = capability.allowed_columns

  yield* checkList({ columns: allowed, path: [...path, 'allowed_columns'], ownedByApp })
  for (const [index, column] of itemsOf(allowed)) {
    const role = refused.get(column.toLowerCase())
    if (role === undefined) continue
    const message = `Remove \`${column}\`: it is ${role}, which is never writable.`
    yield problem('COLUMN_PROTECTED', [...path, 'allowed_columns', index], message)
  }
  for (const column of Object.keys(capability.patch ?? {})) {
    const at = [...path, 'patch', column]
    const role = refused.get(column.toLowerCase())
    if (role !== undefined) {
      yield problem('COLUMN_PROTECTED', at, `Remove \`${column}\`: it is ${role}, which is never writable.`)
    } else if (!ownedByApp && isSystemColumn(column)) {
      yield problem('SYSTEM_OBJECT', at, `Remove \`${column}\`: it belongs to the database.`)
    } else if (allowed !== undefined && !allowed.includes(column)) {
      const known = itemsOf(allowed).map(([, name]) => name)
      const message = `Add \`${column}\` to \`allowed_columns\`, or do not patch it.${didYouMean(column, known)}`
      yield problem('COLUMN_NOT_ALLOWED', at, message)
    }
  }
}
