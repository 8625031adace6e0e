import { RunnerError } from '../../../errors.js'
import type { TableAssessment } from '../../../onboarding/assessment.js'
import { findTable } from '../../../onboarding/check-table.js'
import type { PartialSelection } from '../../../onboarding/selection.js'
import { isUsable } from '../../../onboarding/suggest-all.js'
import type { Asker } from './asker.js'

/** Which table, with what is unsafe beside each. */
export async function askTable(
  said: PartialSelection,
  tables: readonly TableAssessment[],
  ask: Asker,
): Promise<TableAssessment> {
  const named = said.table === undefined ? undefined : namedTable(said, tables)
  if (named !== undefined) return named
  if (!tables.some(isUsable)) {
    throw new RunnerError('INVALID_ARGUMENT', 'The database shows this role no table that could be used.', {
      next: 'Check the role and its grants.',
    })
  }
  const schema = await askSchema(said, tables, ask)
  const listed = tables.filter(({ table }) => table.schema === null || table.schema === schema)
  const initial = listed.find(isUsable)?.table.table
  const options = listed.map((each) => ({ value: each.table.table, label: each.table.table, ...optionOf(each) }))
  const chosen = await ask.search({ message: 'Which table?', options, initial })
  const found = listed.find(({ table }) => table.table === chosen)
  if (found === undefined) throw new RunnerError('INVALID_ARGUMENT', 'No table was chosen.', { next: 'Choose one.' })
  return found
}

function namedTable({ table = '', schema }: PartialSelection, tables: readonly TableAssessment[]) {
  if (schema !== undefined) return findTable({ table, schema }, tables)
  const all = tables.filter((each) => each.table.table === table)
  return all.length === 1 ? all[0] : undefined
}

async function askSchema(said: PartialSelection, tables: readonly TableAssessment[], ask: Asker) {
  const schemas = [...new Set(tables.filter(isUsable).flatMap(({ table }) => table.schema ?? []))]
  if (said.schema !== undefined) return said.schema
  if (schemas.length < 2) return schemas[0] ?? null
  const options = schemas.map((value) => ({ value, label: value }))
  const initial = schemas.includes('public') ? 'public' : schemas[0]
  return ask.select({ message: 'Which schema?', options, initial })
}

function optionOf(assessment: TableAssessment): { readonly hint?: string; readonly disabled: boolean } {
  const { notes } = assessment
  const worst = notes.find(({ severity }) => severity === 'refuse') ?? notes[0]
  const disabled = !isUsable(assessment)
  return worst === undefined ? { disabled } : { disabled, hint: worst.message }
}
