/** What the doctor knows of one source while it looks it over. */
import type { Credential, GrantScope, HeldGrant } from '../drivers/privileges.js'
import type { Dialect, TableRef } from '../sql/dialect.js'
import { renderGrant, type TableNeed } from '../sql/table-grants.js'
import type { Finding } from './finding.js'

/** One credential, what it is needed for, and how its engine spells. */
export interface CredentialView {
  readonly source: string
  readonly role: 'reader' | 'writer'
  readonly dialect: Dialect
  readonly credential: Credential
  readonly needs: readonly TableNeed[]
}

/** Ends a line, or is not seen: in a statement it could stand for another one. */
const UNFIT_CHARACTER = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u
const RENAME = 'A name in it holds characters that end a line or are not seen: rename what bears it, and look again.'

/**
 * A finding on the credential. `mend` is one statement a line, each once: there is none where a name could add lines of
 * its own.
 */
export function findingOn(
  { source, role }: Pick<CredentialView, 'source' | 'role'>,
  finding: Omit<Finding, 'name' | 'source' | 'mend'> & { readonly mend?: readonly string[] },
): Finding {
  const { mend = [], ...rest } = finding
  const name = `${role}:${source}`
  if (mend.some((line) => UNFIT_CHARACTER.test(line))) return { name, source, ...rest, next: RENAME }
  const lines = [...new Set(mend)].join('\n')
  return { name, source, ...rest, ...(lines === '' ? {} : { mend: lines }) }
}

/** Whether two names mean one table. */
export function isSameTable({ credential }: CredentialView, one: TableRef, other: TableRef): boolean {
  const schemaOf = ({ schema }: TableRef) => schema ?? credential.default_schema
  return one.table === other.table && schemaOf(one) === schemaOf(other)
}

export function findNeed(view: CredentialView, ref: TableRef): TableNeed | undefined {
  return view.needs.find((need) => isSameTable(view, need.ref, ref))
}

/** As a person reads it: the table, or all that the right holds for. */
export function describeScope(on: GrantScope): string {
  if (on.kind === 'server') return 'everything on the server'
  if (on.kind === 'schema') return `everything in ${on.schema}`
  const { schema, table } = on.ref
  return `${on.is_sequence ? 'sequence' : 'table'} ${schema === undefined ? table : `${schema}.${table}`}`
}

export function describeRights(grants: readonly HeldGrant[]): string {
  const rights = grants.map(({ right, columns }) => (columns === null ? right : `${right} (${columns.join(', ')})`))
  return listed([...new Set(rights)])
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`
}

/** Grants that hold for the same thing and are held in the same way are mended together. */
export function groupGrants(grants: readonly HeldGrant[]): readonly (readonly HeldGrant[])[] {
  const groups = new Map<string, HeldGrant[]>()
  for (const grant of grants) {
    const key = JSON.stringify([grant.on, grant.through])
    groups.set(key, [...(groups.get(key) ?? []), grant])
  }
  return [...groups.values()]
}

/** Rights that are taken back whole, with what is needed of them granted anew. */
export function takeBack(view: CredentialView, grants: readonly HeldGrant[]): readonly string[] {
  const affected = view.needs.filter((need) => grants.some((grant) => isPartOf(view, grant, need)))
  return [...grants.flatMap(({ revoke }) => revoke), ...affected.map((need) => grantOf(view, need))]
}

/** Owned by the credential itself, as the tables of an app are by its own user: nothing is taken from an owner. */
export function isOwner(grants: readonly HeldGrant[]): boolean {
  return grants.some(({ right, through }) => right === 'own' && through === null)
}

/** Whether taking the grant back could take something needed along. */
function isPartOf(view: CredentialView, grant: HeldGrant, need: TableNeed): boolean {
  const isOfTable = grant.on.kind !== 'table' || isSameTable(view, grant.on.ref, need.ref)
  const isNeeded =
    grant.right === 'select' ||
    (grant.right === 'update' && need.update.length > 0) ||
    (grant.right === 'insert' && need.insert)
  return isOfTable && (isNeeded || grant.through !== null || grant.right === 'own' || /^all\b/.test(grant.right))
}

export function grantOf({ dialect, credential }: CredentialView, need: TableNeed): string {
  return renderGrant(dialect, need, credential.account)
}
