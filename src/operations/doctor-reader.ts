import type { HeldGrant } from '../drivers/privileges.js'
import { examineLacks } from './doctor-lacks.js'
import { examinePowers, isRiskOfReader } from './doctor-powers.js'
import {
  type CredentialView,
  describeRights,
  describeScope,
  findingOn,
  findNeed,
  groupGrants,
  isOwner,
  isSameTable,
  listed,
  takeBack,
} from './doctor-view.js'
import type { Finding } from './finding.js'

/** Whether the reader can read what it must, cannot write at all, and sees no more than capabilities name. */
export function examineReader(view: CredentialView): readonly Finding[] {
  const writing = examineWriting(view)
  const found = [...examineLacks(view), ...writing, ...examinePowers(view), ...examineSight(view)]
  return found.some(({ severity }) => severity === 'error') ? found : [readsOnly(view), ...found]
}

function readsOnly(view: CredentialView): Finding {
  const { has_grants, reads_only } = view.credential
  const belt = reads_only ? ', and its session only reads' : ''
  const views = view.credential.powers.filter(({ kind }) => kind === 'reads_through_maker')
  if (views.length > 0) return throughViews(view, listed(views.map(({ subject }) => subject ?? '')))
  const why = has_grants ? `it has no right to${belt}` : 'its connection only reads'
  return findingOn(view, { severity: 'ok', message: `The reader of ${view.source} cannot write: ${why}.` })
}

/** A view that a capability names is for the reader, and still may call what writes. */
function throughViews(view: CredentialView, names: string): Finding {
  const message = `The reader of ${view.source} has no right of its own to write; views run with their maker's rights: ${names}.`
  return findingOn(view, { severity: 'ok', message })
}

/** Rights that change nothing. A right that is not listed writes, or leads to writing. */
const HARMLESS = new Set(['select', 'usage', 'show view', 'show databases', 'create temporary tables'])
/** They change no row, and a reader needs none of them. */
const NEEDLESS = new Set(['references', 'lock tables', 'maintain', 'show create routine'])

function isWrite({ right, on }: HeldGrant): boolean {
  // The use of a sequence moves it.
  if (on.kind === 'table' && on.is_sequence) return right !== 'select'
  return !HARMLESS.has(right) && !NEEDLESS.has(right)
}

const TAKE_AWAY = 'Take the right away: what sessions read through must not be able to write.'
const OWNER =
  'This looks like the user of the app itself. Log in as another role that has only the rights that migrations print.'

/** The missing right is the wall. The session that only reads is told of, and does not count as one. */
function examineWriting(view: CredentialView): readonly Finding[] {
  const groups = groupGrants(view.credential.grants.filter(isWrite))
  const found = groups.map((grants) =>
    findingOn(view, {
      severity: 'error',
      code: 'PRECONDITION_FAILED',
      reason: 'READER_CAN_WRITE',
      message: `${canWrite(view, grants)}${stillHeld(view)}`,
      ...(isOwner(grants) ? { next: OWNER } : { next: TAKE_AWAY, mend: takeBack(view, grants) }),
    }),
  )
  // A power that explains it is told of by itself.
  const isExplained = view.credential.powers.some(({ kind }) => !isRiskOfReader(kind))
  return found.length > 0 || isExplained ? found : examineWalls(view)
}

function canWrite({ source }: CredentialView, grants: readonly HeldGrant[]): string {
  const [first] = grants
  if (first === undefined) return ''
  const through = first.through === null ? '' : ` through ${first.through}`
  return `The reader of ${source} can write: it has ${describeRights(grants)} on ${describeScope(first.on)}${through}.`
}

function stillHeld({ credential }: CredentialView): string {
  return credential.reads_only ? ' Only its session, which is set to read, keeps it from it for now.' : ''
}

/** The catalogue shows no right, and still an update of no row was let through. */
function examineWalls(view: CredentialView): readonly Finding[] {
  const { tables, has_grants } = view.credential
  const open = tables.filter(({ wall }) => wall === 'none' || (has_grants && wall === 'session'))
  if (open.length === 0) return []
  const names = listed(open.map(({ ref }) => ref.table))
  return [
    findingOn(view, {
      severity: 'error',
      code: 'PRECONDITION_FAILED',
      reason: 'READER_CAN_WRITE',
      message: `The reader of ${view.source} can write: an update of no row was not refused on ${names}.`,
      next: has_grants
        ? 'Log in as another user that has only the rights that migrations print.'
        : 'Give a connection that is opened to read only.',
    }),
  ]
}

/** Columns and tables that no capability names. A leak through them would need a defect of ours first. */
function examineSight(view: CredentialView): readonly Finding[] {
  const wide = view.credential.grants.filter((grant) => isWider(view, grant))
  const onNeeded = groupGrants(wide.filter((grant) => needOf(view, grant) !== undefined))
  const elsewhere = wide.filter((grant) => needOf(view, grant) === undefined)
  const found = onNeeded.map((grants) => seesMore(view, grants, hiddenColumns(view, grants)))
  return elsewhere.length === 0 ? found : [...found, seesMore(view, elsewhere, placesOf(elsewhere))]
}

function isWider(view: CredentialView, grant: HeldGrant): boolean {
  if (isToldAsView(view, grant)) return false
  if (NEEDLESS.has(grant.right)) return true
  if (grant.right !== 'select') return false
  return needOf(view, grant) === undefined || hiddenColumns(view, [grant]) !== ''
}

/** Told, and taken back, as what it is. */
function isToldAsView(view: CredentialView, { on, revoke }: HeldGrant): boolean {
  if (on.kind !== 'table') return false
  return view.credential.powers.some(
    (power) =>
      power.ref !== undefined &&
      isSameTable(view, power.ref, on.ref) &&
      findNeed(view, on.ref) === undefined &&
      revoke.every((line) => power.revoke.includes(line)),
  )
}

function needOf(view: CredentialView, { on }: HeldGrant) {
  return on.kind === 'table' ? findNeed(view, on.ref) : undefined
}

function hiddenColumns(view: CredentialView, grants: readonly HeldGrant[]): string {
  const [first] = grants
  const need = first === undefined ? undefined : needOf(view, first)
  const rights = view.credential.tables.find(({ ref }) => ref === need?.ref)
  const seen = grants.flatMap(({ columns }) => columns ?? rights?.columns ?? [])
  const hidden = seen.filter((column) => need?.select !== 'all' && need?.select.includes(column) === false)
  const rest = grants.filter(({ right }) => right !== 'select').map(({ right }) => right)
  const names = [...new Set(hidden)]
  if (names.length === 0) return rest.join(', ')
  return `${listed(names)} of table ${need?.ref.table ?? ''}`
}

const MOST_NAMES = 5

function placesOf(grants: readonly HeldGrant[]): string {
  const places = [...new Set(grants.map(({ on }) => describeScope(on)))]
  const more = places.length - MOST_NAMES
  return listed([...places.slice(0, MOST_NAMES), ...(more > 0 ? [`${more} more`] : [])])
}

function seesMore(view: CredentialView, grants: readonly HeldGrant[], what: string): Finding {
  return findingOn(view, {
    severity: 'warning',
    reason: 'READER_SEES_MORE',
    message: `The reader of ${view.source} has rights that no capability needs: ${what}.`,
    next: 'Leave it the columns that capabilities read.',
    mend: takeBack(view, grants),
  })
}
