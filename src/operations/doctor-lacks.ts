import type { TableNeed } from '../sql/table-grants.js'
import { type CredentialView, findingOn, grantOf, isSameTable, listed } from './doctor-view.js'
import type { Finding } from './finding.js'

/** What the credential needs and cannot do as it logs in. What is not there at all is told by the capability. */
export function examineLacks(view: CredentialView): readonly Finding[] {
  const { credential, needs } = view
  if (!credential.has_grants) return []
  return needs.flatMap((need) => {
    const missing = missingOf(view, need)
    if (missing.length === 0) return []
    const reason = view.role === 'reader' ? 'READER_LACKS' : 'WRITER_LACKS'
    return [
      findingOn(view, {
        severity: 'error',
        code: 'SOURCE_FORBIDDEN',
        reason,
        message: `The ${view.role} of ${view.source} lacks what is needed on table ${need.ref.table}: ${listed(missing)}.`,
        next: credential.sees_all ? 'Grant it.' : 'Grant it, if the table and its columns are there.',
        mend: [...passage(view, need), grantOf(view, need)],
      }),
    ]
  })
}

function missingOf(view: CredentialView, need: TableNeed): readonly string[] {
  const { tables, sees_all } = view.credential
  const rights = tables.find(({ ref }) => isSameTable(view, ref, need.ref))
  if (rights === undefined) return sees_all ? [] : ['every right']
  const isThere = (column: string) => !(sees_all || seesWhole(view, need)) || rights.columns.includes(column)
  const lacking = (wanted: readonly string[], held: readonly string[]) =>
    wanted.filter((column) => isThere(column) && !held.includes(column))
  const select = lacking(need.select === 'all' ? rights.columns : need.select, rights.select)
  const update = lacking(need.update, rights.update)
  const insert = need.insert ? lacking(rights.columns, rights.insert) : []
  return [
    ...(rights.is_reachable ? [] : ['the use of its schema']),
    ...(select.length === 0 ? [] : [`select (${select.join(', ')})`]),
    ...(update.length === 0 ? [] : [`update (${update.join(', ')})`]),
    ...(insert.length === 0 ? [] : ['insert']),
  ]
}

/** Whoever may read whole rows is shown every column, so that one that is not shown is not there. */
function seesWhole(view: CredentialView, need: TableNeed): boolean {
  return view.credential.grants.some(({ right, on, columns }) => {
    const isRead = columns === null && (right === 'select' || /^all\b/.test(right))
    return isRead && (on.kind !== 'table' || isSameTable(view, on.ref, need.ref))
  })
}

/** A right to a table is of no use without one to its schema. */
function passage(view: CredentialView, { ref }: TableNeed): readonly string[] {
  const { tables, account, default_schema } = view.credential
  const rights = tables.find((each) => isSameTable(view, each.ref, ref))
  if (rights === undefined || rights.is_reachable) return []
  return [`grant usage on schema ${view.dialect.quote(ref.schema ?? default_schema)} to ${account};`]
}
