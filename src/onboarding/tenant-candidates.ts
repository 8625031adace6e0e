/** Columns that could part one tenant's rows from another's. */

import { wordsOf } from '../contract/secret-names.js'
import type { SurveyedColumn, SurveyedTable } from '../drivers/survey.js'
import { isServed } from '../sql/search.js'
import { canBeKey } from '../sql/values.js'
import type { Candidate } from './assessment.js'
import { isPlainName } from './plain-name.js'

/** What tenants are called, the surest first. Later ones are often rows that belong to a tenant. */
const TENANTS = [
  'tenant',
  'organization',
  'organisation',
  'org',
  'workspace',
  'account',
  'company',
  'team',
  'merchant',
  'shop',
  'store',
  'site',
  'business',
  'client',
  'customer',
] as const

/** What follows it in the name of a column. */
const SUFFIXES: ReadonlySet<string> = new Set(['id', 'uuid', 'guid', 'key', 'code', 'slug', 'ref', 'no'])
const KINDS: ReadonlySet<string> = new Set(['text', 'uuid', 'integer'])
const UNKNOWN = TENANTS.length

export interface Tenants {
  /** Best first. */
  readonly candidates: readonly Candidate[]
  /** Named like a tenant, of a type by which rows are not found. */
  readonly unfit: readonly SurveyedColumn[]
}

export function tenantCandidates(table: SurveyedTable, key: string | null): Tenants {
  const named = table.columns
    .filter(({ name }) => name !== key)
    .map((column) => ({ column, rank: rankOf(table, column) }))
    .filter(({ column, rank }) => rank !== undefined && isPlainName(column.name))
  const fit = named.filter(({ column }) => canBeTenant(column))
  return {
    candidates: fit
      .map(({ column, rank = UNKNOWN }) => ({ column, score: scoreOf(table, column, rank) }))
      .sort((a, b) => a.score - b.score)
      .map(({ column }) => ({ column: column.name, why: whyOf(table, column) })),
    unfit: named.filter(({ column }) => !canBeTenant(column)).map(({ column }) => column),
  }
}

/** By its name; else by the table that it refers to. */
function rankOf(table: SurveyedTable, { name }: SurveyedColumn): number | undefined {
  const byName = rankOfName(name)
  if (byName !== undefined) return byName
  const referred = referencesOf(table, name).map(rankOfTable)
  return referred.find((rank) => rank !== undefined)
}

function rankOfName(name: string): number | undefined {
  const words = wordsOf(name)
  const last = words.at(-1)
  const base = (last !== undefined && SUFFIXES.has(last) ? words.slice(0, -1) : words).join('')
  // A name without what makes it an identifier is a name: `company`, `account`. Only one of them is nothing else.
  if (base === words.join('') && base !== 'tenant' && !/^\w+id$/.test(base)) return undefined
  const rank = TENANTS.findIndex((each) => base === each || base === `${each}id`)
  return rank < 0 ? undefined : rank
}

function rankOfTable(name: string): number | undefined {
  const base = wordsOf(name).join('')
  const rank = TENANTS.slice(0, TENANTS.indexOf('client')).findIndex(
    (each) => base === each || base === `${each}s` || base === `${each.replace(/y$/, '')}ies` || base === `${each}es`,
  )
  return rank < 0 ? undefined : rank
}

function referencesOf({ foreign_keys }: SurveyedTable, column: string): readonly string[] {
  return foreign_keys.filter(({ columns }) => columns.includes(column)).map(({ references }) => references.table)
}

function canBeTenant(column: SurveyedColumn): boolean {
  return canBeKey(column) && KINDS.has(column.kind)
}

function scoreOf(table: SurveyedTable, { name, nullable }: SurveyedColumn, rank: number): number {
  return rank * 10 + (nullable ? 35 : 0) + (isIndexed(table, name) ? 0 : 2) + (refersToTenants(table, name) ? 0 : 1)
}

function whyOf(table: SurveyedTable, { name, nullable }: SurveyedColumn): string {
  const refers = refersToTenants(table, name)
  return listed([
    rankOfName(name) === undefined ? 'refers to a table of tenants' : 'is named like a tenant',
    ...(refers && rankOfName(name) !== undefined ? ['refers to one'] : []),
    nullable ? 'can be NULL' : 'is never NULL',
    isIndexed(table, name) ? 'is indexed' : 'leads no index',
  ])
}

function refersToTenants(table: SurveyedTable, column: string): boolean {
  return referencesOf(table, column).some((name) => rankOfTable(name) !== undefined)
}

function isIndexed({ indexes }: SurveyedTable, tenant: string): boolean {
  return isServed(indexes, { tenant })
}

function listed(parts: readonly string[]): string {
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}
