/** What may be shown of each column, what may be proposed, and whose words it holds. */
import { isOutsideTextColumn, isSecretColumn } from '../contract/column-words.js'
import type { SurveyedColumn, SurveyedTable } from '../drivers/survey.js'
import type { Engine } from '../protocol/table.js'
import type { Dialect } from '../sql/dialect.js'
import { mysqlDialect } from '../sql/mysql.js'
import { postgresDialect } from '../sql/postgres.js'
import { sqliteDialect } from '../sql/sqlite.js'
import type { ColumnAssessment } from './assessment.js'
import { nameTrouble } from './plain-name.js'
import { suggestLimits } from './suggest-limits.js'

const DIALECTS: Readonly<Record<Engine, Dialect>> = {
  postgres: postgresDialect,
  mysql: mysqlDialect,
  sqlite: sqliteDialect,
}

/** What each of them is to its table. */
export interface Roles {
  readonly key: string | null
  readonly tenant: string | null
  readonly version: string | null
}

export function assessColumns(engine: Engine, table: SurveyedTable, roles: Roles): readonly ColumnAssessment[] {
  const limits = suggestLimits(table)
  return table.columns.map((column) => {
    const role = roleOf(column.name, roles)
    const hidden = whyHidden(column)
    const fixed = hidden === undefined ? whyFixed(engine, column, role) : undefined
    const is_listed = limits.get(column.name)?.values !== undefined
    const is_untrusted = role === 'data' && hidden === undefined && !is_listed && isOutsideText(column)
    const whys = [hidden, fixed, is_untrusted ? 'may hold what people from outside have written' : undefined]
    return {
      column: column.name,
      role,
      is_visible: hidden === undefined,
      is_writable: hidden === undefined && fixed === undefined,
      is_untrusted,
      why: whys.filter((why) => why !== undefined).join('; ') || null,
    }
  })
}

function roleOf(column: string, { key, tenant, version }: Roles): ColumnAssessment['role'] {
  if (column === key) return 'key'
  if (column === tenant) return 'tenant'
  return column === version ? 'version' : 'data'
}

function whyHidden({ name, kind }: SurveyedColumn): string | undefined {
  if (nameTrouble(name) !== undefined) return 'has a name that a contract cannot hold'
  if (kind === 'binary') return 'holds bytes'
  return isSecretColumn(name) ? 'is named like a secret or a personal number' : undefined
}

function whyFixed(engine: Engine, column: SurveyedColumn, role: ColumnAssessment['role']): string | undefined {
  if (role !== 'data') return `is the ${role} of the row`
  if (column.generated) return 'is set by the database itself'
  return canBeWritten(engine, column) ? undefined : `is of a type whose values are not written exactly: ${column.type}`
}

/** Asked of the dialect, so that what is suggested here is what is taken there. */
function canBeWritten(engine: Engine, column: SurveyedColumn): boolean {
  if (column.kind === 'other' || column.kind === 'binary') return false
  const probe = column.kind === 'float' ? 0.5 : column.kind === 'json' ? '{}' : undefined
  return probe === undefined || DIALECTS[engine].toColumn(column, probe).ok
}

function isOutsideText({ kind, name }: SurveyedColumn): boolean {
  return (kind === 'text' || kind === 'json') && isOutsideTextColumn(name)
}
