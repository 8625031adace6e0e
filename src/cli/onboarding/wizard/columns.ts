import type { TableAssessment } from '../../../onboarding/assessment.js'
import type { PartialSelection } from '../../../onboarding/selection.js'
import { suggestUntrusted, suggestVisible } from '../../../onboarding/suggest-selection.js'
import { given } from '../../given.js'
import type { Asker, Option } from './asker.js'

/** Stands for no column: none can be called so. */
const NONE = ''

/** What binds a call to one row of one tenant, and what of the row is shown. */
export async function askScope(said: PartialSelection, table: TableAssessment, ask: Asker): Promise<PartialSelection> {
  const primary_key = said.primary_key ?? (await askKey(table, ask))
  const tenant_key = await askTenant(said, table, ask)
  const visible_columns = said.visible_columns ?? (await askVisible(table, ask))
  const untrusted_columns = said.untrusted_columns ?? suggestUntrusted(table, visible_columns)
  return given({
    ...said,
    schema: table.table.schema ?? undefined,
    table: table.table.table,
    primary_key,
    tenant_key,
    single_tenant_dev: tenant_key === undefined ? true : undefined,
    visible_columns,
    untrusted_columns,
  })
}

async function askKey({ table, key }: TableAssessment, ask: Asker): Promise<string> {
  const unique = [...new Set([...(key === null ? [] : [key]), ...table.unique_keys.flatMap(onlyOne)])]
  const options = unique.length > 0 ? unique : table.columns.map(({ name }) => name)
  return ask.select({
    message: 'Which column names one row?',
    options: options.map((name) => ({ value: name, label: name })),
    initial: key ?? options[0],
  })
}

function onlyOne(columns: readonly string[]): readonly string[] {
  return columns.length === 1 ? columns : []
}

/** One tenant is a choice of its own, and never the first one that is offered. */
async function askTenant(
  { tenant_key, single_tenant_dev }: PartialSelection,
  { table, tenant_keys }: TableAssessment,
  ask: Asker,
): Promise<string | undefined> {
  if (single_tenant_dev === true) return undefined
  if (tenant_key !== undefined) return tenant_key
  const candidates = tenant_keys.map(({ column, why }): Option => ({ value: column, label: column, hint: why }))
  const known = new Set(candidates.map(({ value }) => value))
  const others = table.columns
    .map(({ name }): Option => ({ value: name, label: name }))
    .filter(({ value }) => !known.has(value))
  const none = { value: NONE, label: 'None: every session sees every row', hint: 'for development only' }
  const chosen = await ask.select({
    message: 'Which column holds the tenant?',
    options: [...candidates, ...others, none],
    initial: candidates[0]?.value ?? others[0]?.value,
  })
  return chosen === NONE ? undefined : chosen
}

async function askVisible(table: TableAssessment, ask: Asker): Promise<readonly string[]> {
  return ask.many({
    message: 'Which columns may the model see? What looks like a secret is off.',
    options: table.columns.map(({ column, why }) => ({
      value: column,
      label: column,
      ...given({ hint: why ?? undefined }),
    })),
    initial: suggestVisible(table),
    required: true,
  })
}

/** How a stale row is noticed, for what may be proposed. */
export async function askGuard(said: PartialSelection, table: TableAssessment, ask: Asker): Promise<PartialSelection> {
  if (said.conflict_column !== undefined || said.weak_guard_ack === true) return said
  const candidates = table.version_columns
  const options = candidates.map(({ column, why, strength }): Option => {
    if (strength === 'exact') return { value: column, label: column, hint: why }
    // Two writes within one step of it would look like none: better no version than such a one.
    return { value: column, label: column, hint: `${why}: too coarse to tell two writes apart`, disabled: true }
  })
  const none = { value: NONE, label: 'None: compare every reviewed column', hint: WEAK }
  const message = 'Which column shows that a row has changed?'
  const initial = candidates.find(({ strength }) => strength === 'exact')?.column ?? NONE
  const chosen = await ask.select({ message, options: [...options, none], initial })
  if (chosen !== NONE) return { ...said, conflict_column: chosen }
  const agreed = await ask.confirm({ message: `${WEAK}. Go on with that?`, initial: true })
  return agreed ? { ...said, weak_guard_ack: true } : askGuard(said, table, ask)
}

const WEAK = 'A change that is made and undone between two looks then goes unnoticed'
