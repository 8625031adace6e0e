/** The column by which a row is found. */
import type { SurveyedTable } from '../drivers/survey.js'
import { canBeKey } from '../sql/values.js'
import { isPlainName } from './plain-name.js'
import { tenantCandidates } from './tenant-candidates.js'

export interface FoundKey {
  readonly key: string | null
  /** The one tenant column within which the key identifies a row; `null` where it does so by itself. */
  readonly within: string | null
}

const NONE: FoundKey = { key: null, within: null }

/** The primary key first: a column that is unique by itself, or together with a tenant. */
export function findKey(table: SurveyedTable): FoundKey {
  const keys = [...table.unique_keys].sort((a, b) => rankOf(table, a) - rankOf(table, b))
  const tenants = tenantCandidates(table, null).candidates.map(({ column }) => column)
  for (const key of keys) {
    const within = key.length === 2 ? tenants.find((tenant) => key.includes(tenant)) : undefined
    const [own, ...others] = key.filter((column) => column !== within)
    if (own !== undefined && others.length === 0 && isFit(table, own)) return { key: own, within: within ?? null }
  }
  return NONE
}

function rankOf({ primary_key }: SurveyedTable, key: readonly string[]): number {
  return key.join('\0') === primary_key.join('\0') ? 0 : 1
}

function isFit({ columns }: SurveyedTable, name: string): boolean {
  const column = columns.find((each) => each.name === name)
  return column !== undefined && canBeKey(column) && isPlainName(name)
}
