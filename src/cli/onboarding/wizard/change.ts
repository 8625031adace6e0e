import type { TableAssessment } from '../../../onboarding/assessment.js'
import { argumentFor } from '../../../onboarding/resolve-selection.js'
import type { PartialSelection, Selection } from '../../../onboarding/selection.js'
import { type ColumnLimits, suggestLimits } from '../../../onboarding/suggest-limits.js'
import { boundsOf, guardsOf, patchOf } from '../flag-values.js'
import type { Asker } from './asker.js'
import { checkBound, checkIdentifier } from './checks.js'

/** What may be proposed, and within which limits. Nothing is chosen beforehand. */
export async function askChange(said: PartialSelection, table: TableAssessment, ask: Asker): Promise<PartialSelection> {
  const columns = said.patch === undefined ? await askWritable(said, table, ask) : Object.keys(said.patch)
  if (columns.length === 0) return said
  const patch = said.patch ?? (await askPatch(columns, ask))
  const limits = suggestLimits(table.table)
  return {
    ...said,
    allowed_columns: said.allowed_columns ?? columns,
    patch,
    ...(await askBounds(said, { columns, table, limits }, ask)),
    ...(await askGuards(said, { columns, table, limits }, ask)),
  }
}

async function askWritable(
  { allowed_columns, tenant_key, primary_key }: PartialSelection,
  table: TableAssessment,
  ask: Asker,
) {
  if (allowed_columns !== undefined) return allowed_columns
  const scope = [tenant_key, primary_key]
  const writable = table.columns.filter(({ is_writable, column }) => is_writable && !scope.includes(column))
  if (writable.length === 0) return []
  return ask.many({
    message: 'Which columns may be proposed to change? None means read only.',
    options: writable.map(({ column }) => ({ value: column, label: column })),
    initial: [],
    required: false,
  })
}

type Patch = NonNullable<Selection['patch']>

async function askPatch(columns: readonly string[], ask: Asker): Promise<Patch> {
  const patch: Record<string, Patch[string]> = {}
  for (const column of columns) patch[column] = await askValue(column, ask)
  return patch
}

async function askValue(column: string, ask: Asker): Promise<Patch[string]> {
  const options = [
    { value: 'arg', label: 'The model says it, in an argument' },
    { value: 'fixed', label: 'Always the same' },
  ]
  const way = await ask.select({ message: `What is ${column} set to?`, options, initial: 'arg' })
  if (way === 'fixed') {
    const value = await ask.text({ message: `Which value of ${column}?`, initial: '0' })
    return (
      patchOf({ patch: undefined, patch_fixed: [`${column}=${value}`], patch_from_arg: undefined })?.[column] ?? {
        fixed: value,
      }
    )
  }
  const message = `How is the argument for ${column} called?`
  return { from_arg: await ask.text({ message, initial: argumentFor(column), check: checkIdentifier }) }
}

interface Limiting {
  readonly columns: readonly string[]
  readonly table: TableAssessment
  readonly limits: ReadonlyMap<string, ColumnLimits>
}

const NUMBERS: readonly string[] = ['integer', 'decimal', 'float']

async function askBounds(said: PartialSelection, { columns, table, limits }: Limiting, ask: Asker) {
  if (said.numeric_bounds !== undefined) return {}
  const flags: string[] = []
  for (const column of columns.filter((name) => NUMBERS.includes(kindOf(table, name)))) {
    const found = limits.get(column)
    const range = found === undefined || found.from === 'type' ? '' : `${found.minimum ?? ''}:${found.maximum ?? ''}`
    const message = `Least and greatest ${column}, as 0:10000? Empty for none.`
    const text = await ask.text({ message, initial: range === ':' ? '' : range, check: checkBound })
    if (text.trim() !== '' && text.trim() !== ':') flags.push(`${column}=${text.trim()}`)
  }
  return flags.length === 0 ? {} : { numeric_bounds: boundsOf(flags) ?? {} }
}

/** Which states may follow which is for a person to say: of what a column can hold, the catalogue knows the states alone. */
async function askGuards(said: PartialSelection, { columns, limits }: Limiting, ask: Asker) {
  if (said.transition_guards !== undefined) return {}
  const flags: string[] = []
  for (const column of columns) {
    const states = limits.get(column)?.values ?? []
    if (states.length === 0) continue
    const message = `Which changes of ${column} may be proposed, as from:to;from:to? It can be ${states.join(', ')}. Empty for any.`
    const text = await ask.text({ message, initial: '', check: (typed) => checkGuard(column, typed) })
    if (text.trim() !== '') flags.push(`${column}=${text}`)
  }
  return flags.length === 0 ? {} : { transition_guards: guardsOf(flags) ?? {} }
}

function checkGuard(column: string, text: string): string | undefined {
  if (text.trim() === '') return undefined
  try {
    guardsOf([`${column}=${text}`])
    return undefined
  } catch {
    return 'Write it as open:pending,closed;pending:closed.'
  }
}

function kindOf({ table }: TableAssessment, column: string): string {
  return table.columns.find(({ name }) => name === column)?.kind ?? ''
}
