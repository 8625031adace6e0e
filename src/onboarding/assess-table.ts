import type { SurveyedTable } from '../drivers/survey.js'
import type { Engine } from '../protocol/table.js'
import { assessColumns } from './assess-columns.js'
import type { TableAssessment } from './assessment.js'
import { findKey } from './find-key.js'
import { notesOf } from './notes.js'
import { tenantCandidates } from './tenant-candidates.js'
import { versionCandidates } from './version-candidates.js'

/**
 * What the catalogue suggests about a table. Pure, and a suggestion only: what a column means, a person knows.
 *
 * Where a row is identified only within its tenant, that tenant column is the only candidate.
 */
export function assessTable(engine: Engine, table: SurveyedTable): TableAssessment {
  const { key, within } = findKey(table)
  const tenants = tenantCandidates(table, key)
  const tenant_keys = tenants.candidates.filter(({ column }) => within === null || column === within)
  const version_columns = versionCandidates(engine, table).filter(({ column }) => column !== key)
  const columns = assessColumns(engine, table, {
    key,
    tenant: tenant_keys[0]?.column ?? null,
    version: version_columns[0]?.column ?? null,
  })
  const found = { table, key, tenant_keys, version_columns, columns }
  return { ...found, notes: notesOf(found, tenants.unfit) }
}
