import type { Config } from '../contract/schema.js'
import type { SurveyedTable } from '../drivers/survey.js'
import type { ColumnInfo } from '../protocol/table.js'
import type { ResolvedChange, ResolvedSelection } from './resolve-selection.js'
import { suggestLimits } from './suggest-limits.js'

type Capability = NonNullable<Config['capabilities']>[number]

/** Arguments as a contract holds them, each with the keys in one order. */
export type Arguments = NonNullable<Capability['args']>
type Argument = Arguments[string]

/** A column as the database describes it. */
export interface KnownColumn extends ColumnInfo {
  /** All values that a check of the table lets through. */
  readonly values?: readonly string[]
}

/** Empty where the database was not asked. */
export type Columns = ReadonlyMap<string, KnownColumn>

/** What the database says of the columns of a table, its checks included. */
export function knownColumns(table: SurveyedTable | undefined): Columns {
  if (table === undefined) return new Map()
  const limits = suggestLimits(table)
  return new Map(
    table.columns.map((column) => {
      const values = limits.get(column.name)?.values
      return [column.name, values === undefined ? column : { ...column, values }]
    }),
  )
}

/** Longest text for a column that sets no limit of its own. */
const FREE_TEXT = 500
const LONGEST_TEXT = 10_000
const LONGEST_KEY = 128
/** Digits of a 64-bit number and its sign. */
const LONGEST_NUMBER = 20

/** The argument that carries the key. */
export function lookupArgument({ selection, object }: ResolvedSelection, columns: Columns): Argument {
  const key = columns.get(selection.primary_key)
  const description = `The ${selection.primary_key} of the ${words(object)}.`
  if (isSafeInteger(key)) return { type: 'integer', description }
  return { type: 'string', description, max_length: keyLength(key) }
}

/** A larger number is not exact in JSON, so that it travels as text. */
export function isSafeInteger(column: ColumnInfo | undefined): boolean {
  if (column?.kind !== 'integer' || column.maximum === undefined) return false
  return Number(column.maximum) <= Number.MAX_SAFE_INTEGER
}

function keyLength(key: ColumnInfo | undefined): number {
  if (key?.kind === 'uuid') return 36
  if (key?.kind === 'integer') return LONGEST_NUMBER
  return Math.min(key?.max_length ?? LONGEST_KEY, LONGEST_KEY)
}

/** The arguments that carry proposed values, in the order of the patch. */
export function patchArguments(resolved: ResolvedSelection, change: ResolvedChange, columns: Columns): Arguments {
  const args: Record<string, Argument> = {}
  for (const [column, value] of Object.entries(change.patch)) {
    if (!('from_arg' in value) || Object.hasOwn(args, value.from_arg)) continue
    args[value.from_arg] = patchArgument(resolved, column, { name: value.from_arg, columns })
  }
  return args
}

function patchArgument(
  { selection, object }: ResolvedSelection,
  column: string,
  { name, columns }: { readonly name: string; readonly columns: Columns },
): Argument {
  const said = selection.patch_args?.[name] ?? {}
  const bounds = selection.numeric_bounds?.[column]
  const states = statesOf(selection.transition_guards?.[column])
  const { type, ...kind } =
    said.type === undefined ? typed(columns.get(column), { bounds, states }) : { type: said.type }
  const description = said.description ?? describe(columns.get(column), `The new ${column} of the ${words(object)}`)
  const limits = type === 'number' || type === 'integer' ? bounds : undefined
  const { type: _, required, description: __, ...rules } = said
  return { type, description, ...kind, ...limits, ...(required === false ? { required } : {}), ...rules }
}

interface Limits {
  readonly bounds: { readonly minimum?: number; readonly maximum?: number } | undefined
  readonly states: readonly string[]
}

function typed(column: KnownColumn | undefined, { bounds, states }: Limits): Argument {
  switch (column?.kind) {
    case undefined:
      if (states.length > 0) return { type: 'string', enum: states }
      return bounds === undefined ? { type: 'string', max_length: FREE_TEXT } : { type: 'number' }
    case 'integer':
      return isSafeInteger(column) || bounds !== undefined
        ? { type: 'integer' }
        : { type: 'string', max_length: LONGEST_NUMBER }
    case 'decimal':
    case 'float':
      return { type: 'number' }
    case 'boolean':
      return { type: 'boolean' }
    case 'enum':
      return { type: 'string', enum: states.length > 0 ? states : (column.labels ?? []) }
    case 'date':
      return { type: 'string', max_length: 10 }
    case 'timestamp':
    case 'datetime':
      return { type: 'string', max_length: 40 }
    case 'uuid':
      return { type: 'string', max_length: 36 }
    default:
      if (states.length > 0) return { type: 'string', enum: states }
      if (column?.values !== undefined && column.values.length > 0) return { type: 'string', enum: column.values }
      return { type: 'string', max_length: Math.min(column?.max_length ?? FREE_TEXT, LONGEST_TEXT) }
  }
}

const FORMATS: Readonly<Record<string, string>> = {
  date: ', as YYYY-MM-DD',
  timestamp: ', as YYYY-MM-DDTHH:MM:SSZ in UTC',
  datetime: ', as YYYY-MM-DD HH:MM:SS',
  uuid: ', a UUID in lower case',
}

function describe(column: ColumnInfo | undefined, words: string): string {
  return `${words}${FORMATS[column?.kind ?? ''] ?? ''}.`
}

type Guard = NonNullable<ResolvedSelection['selection']['transition_guards']>[string]

/** Every state that some state may become, in the order in which they are first named. */
function statesOf(guard: Guard | undefined): readonly string[] {
  return [...new Set(Object.values(guard?.allowed ?? {}).flat())]
}

/** `late_fee` as people say it. */
export function words(name: string): string {
  return name.replaceAll('_', ' ').trim()
}
