/** Bounds that the database itself keeps, offered as the bounds of what may be proposed. */
import type { SurveyedColumn, SurveyedTable, TableCheck } from '../drivers/survey.js'
import { type Allowed, both } from './allowed.js'
import type { Part } from './constraint-parts.js'
import { type CheckedColumns, readCheck } from './constraint-reader.js'

/** What a column can hold, as far as its type and the checks of its table say. */
export interface ColumnLimits {
  /** Inclusive, in plain digits. */
  readonly minimum?: string
  readonly maximum?: string
  /** All values there are. */
  readonly values?: readonly string[]
  /** In characters. */
  readonly max_length?: number
  /** Where the narrowest of it comes from. */
  readonly from: 'check' | 'enum' | 'type'
}

/**
 * Limits by column, for columns that have any. Nothing is guessed: a check that is not understood says nothing, and no
 * limit lets less through than the database would. What each column's NULL is worth stays with the column.
 *
 * Values that a check lists are spelled as it spells them; a collation that folds case lets other spellings through.
 */
export function suggestLimits(table: SurveyedTable): ReadonlyMap<string, ColumnLimits> {
  const checks = table.checks
    .map((check) => readCheck(check.expression, columnsOf(table, check)))
    .reduce(both, new Map())
  const limits = new Map<string, ColumnLimits>()
  for (const column of table.columns) {
    const found = limitsOf(column, checks.get(column.name))
    if (found !== undefined) limits.set(column.name, found)
  }
  return limits
}

function limitsOf(column: SurveyedColumn, checked: Allowed | undefined): ColumnLimits | undefined {
  const typed = typeLimits(column)
  const from = column.labels === undefined ? 'type' : 'enum'
  if (checked === undefined || checked.is_null) return Object.keys(typed).length === 0 ? undefined : { ...typed, from }
  const name = column.name
  const merged = both(new Map([[name, typed]]), new Map([[name, checked]])).get(name) ?? checked
  return { ...merged, from: 'check' }
}

/** The range of a whole number is no rule that anybody made, but that of one without a sign is. */
function typeLimits({ type, labels, max_length }: SurveyedColumn): Allowed {
  return {
    ...(/\bunsigned\b/.test(type) ? { minimum: '0' } : {}),
    ...(labels === undefined ? {} : { values: labels }),
    ...(max_length === undefined ? {} : { max_length }),
  }
}

/** Words that are no name unless they are quoted. */
const KEYWORDS: ReadonlySet<string> = new Set(['null', 'true', 'false', 'and', 'or', 'not', 'current_user', 'default'])

function columnsOf({ columns }: SurveyedTable, check: TableCheck): CheckedColumns {
  const [only] = check.columns
  return {
    find: (part: Part) => {
      if (part.type === 'name') return find(columns, part.text)
      if (part.type !== 'word' || KEYWORDS.has(part.text.toLowerCase())) return undefined
      // So does a domain of PostgreSQL call what it is the type of; a column of that name would stand in quotes.
      const isDomain = part.text === 'VALUE' && check.columns.length === 1
      return find(columns, isDomain ? (only ?? '') : part.text)
    },
  }
}

function find(columns: readonly SurveyedColumn[], name: string): SurveyedColumn | undefined {
  const exact = columns.find((column) => column.name === name)
  if (exact !== undefined) return exact
  const folded = columns.filter((column) => column.name.toLowerCase() === name.toLowerCase())
  return folded.length === 1 ? folded[0] : undefined
}
