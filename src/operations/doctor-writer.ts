import type { HeldGrant } from '../drivers/privileges.js'
import type { TableRef } from '../sql/dialect.js'
import { examineLacks } from './doctor-lacks.js'
import { examinePowers } from './doctor-powers.js'
import {
  type CredentialView,
  describeRights,
  describeScope,
  findingOn,
  findNeed,
  groupGrants,
  isOwner,
  isSameTable,
  takeBack,
} from './doctor-view.js'
import type { Finding } from './finding.js'
import { isReason } from './reasons.js'

/** Whether the writer can do what approved changes need, no more than that, and on tables that can be written safely. */
export function examineWriter(view: CredentialView, receipts: TableRef | null): readonly Finding[] {
  const found = [
    ...examineLacks(view),
    ...examineProblems(view),
    ...examinePowers(view),
    ...examineSurplus(view, receipts),
  ]
  return found.length > 0 ? found : [fits(view)]
}

function fits(view: CredentialView): Finding {
  const { has_grants } = view.credential
  const message = has_grants
    ? `The writer of ${view.source} may do what approved changes need, and no more.`
    : `The writer of ${view.source} can write its file.`
  return findingOn(view, { severity: 'ok', message })
}

/** Of the server, not of a table: told once. */
const OF_SERVER = new Set(['REPLICA', 'NOT_DURABLE'])

/** What the writer sees of a table may differ from what the reader does: who owns it, where the server stands. */
function examineProblems(view: CredentialView): readonly Finding[] {
  return view.credential.tables.flatMap(({ ref, problems }) =>
    problems
      .filter(({ severity, code }) => severity === 'refuse' && !OF_SERVER.has(code))
      .map(({ code, message }) =>
        findingOn(view, {
          severity: 'error',
          code: 'PRECONDITION_FAILED',
          ...(isReason(code) ? { reason: code } : {}),
          message: `Table ${ref.table}: ${message}`,
          next: 'Nothing is written to it until that is changed.',
          mend: code === 'ROW_SECURITY_BYPASSED' ? [force(view, ref)] : [],
        }),
      ),
  )
}

function force({ dialect }: CredentialView, ref: TableRef): string {
  return `alter table ${dialect.table(ref)} force row level security;`
}

/** Rights that change nothing and show nothing. */
const HARMLESS = new Set(['usage', 'show databases', 'create temporary tables'])

function examineSurplus(view: CredentialView, receipts: TableRef | null): readonly Finding[] {
  const surplus = view.credential.grants.filter((grant) => isSurplus(view, grant))
  return groupGrants(surplus).map((grants) => {
    const [first] = grants
    const on = first?.on
    const isReceipts = receipts !== null && on?.kind === 'table' && isSameTable(view, on.ref, receipts)
    return findingOn(view, {
      severity: 'warning',
      reason: isReceipts ? 'RECEIPTS_UNPROTECTED' : 'WRITER_TOO_WIDE',
      message: `The writer of ${view.source} has more than approved changes need: ${told(grants)}.`,
      ...remedyOf(view, grants, isReceipts),
    })
  })
}

/** Receipts are of this project, and may change hands. A table of the app's own user is left where it is. */
function remedyOf(view: CredentialView, grants: readonly HeldGrant[], isReceipts: boolean) {
  const mend = takeBack(view, grants)
  if (isReceipts) return { next: 'Leave it select and insert: receipts stay as they are.', mend }
  return isOwner(grants) ? { next: OWNER } : { next: 'Leave it what migrations print.', mend }
}

const OWNER =
  'This looks like the user of the app itself. Log in as another role that has only the rights that migrations print.'

function told(grants: readonly HeldGrant[]): string {
  const [first] = grants
  if (first === undefined) return ''
  const through = first.through === null ? '' : ` through ${first.through}`
  return `${describeRights(grants)} on ${describeScope(first.on)}${through}`
}

function isSurplus(view: CredentialView, { right, on, columns }: HeldGrant): boolean {
  if (HARMLESS.has(right)) return false
  if (on.kind !== 'table') return true
  const need = findNeed(view, on.ref)
  if (need === undefined) return true
  if (right === 'select') return false
  if (right === 'insert') return !need.insert
  if (right !== 'update' || need.update.length === 0) return true
  return columns === null || columns.some((column) => !need.update.includes(column))
}
