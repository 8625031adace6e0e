import { isRefusedArgument } from '../contract/refusals.js'
import { proposes } from './check-selection.js'
import type { Selection } from './selection.js'

type Patch = NonNullable<Selection['patch']>

/** Who writes what was approved. */
export type Writeback = NonNullable<Selection['writeback']>

/** A selection with every default in place and one spelling of everything. */
export interface ResolvedSelection {
  readonly selection: Selection
  readonly mode: NonNullable<Selection['mode']>
  readonly source: string
  readonly object: string
  readonly inspect_name: string
  readonly propose_name: string
  readonly lookup_arg: string
  readonly read_url_env: string
  /** `undefined` where no SQL of ours is written. */
  readonly write_url_env: string | undefined
  readonly tenant_id_env: string
  readonly principal_env: string
  /** Variables of the app or the program that writes, where one does. */
  readonly handler: Handler
  readonly role: string
  /** What may be proposed; `undefined` where nothing may. */
  readonly change: ResolvedChange | undefined
}

export interface Handler {
  readonly url_env: string
  readonly token_env: string
  readonly secret_env: string
  readonly command_env: string
}

export interface ResolvedChange {
  readonly patch: Patch
  readonly allowed_columns: readonly string[]
  readonly writeback: Writeback
}

/** Fills in what a selection leaves out. */
export function resolveSelection(selection: Selection): ResolvedSelection {
  const { namespace, table, engine } = selection
  const object = selection.object_name ?? singular(table)
  const change = resolveChange(selection)
  const writesSql = change?.writeback === 'direct_sql' && engine !== 'sqlite'
  return {
    selection,
    mode: selection.mode ?? modeFor(change),
    source: selection.source_name ?? namespace,
    object,
    inspect_name: selection.inspect_tool_name ?? selection.read_tool ?? `${namespace}.inspect_${object}`,
    propose_name: selection.proposal_tool_name ?? selection.proposal_tool ?? `${namespace}.propose_${object}_update`,
    lookup_arg: selection.lookup_arg ?? lookupArgument(object),
    read_url_env: selection.read_url_env ?? selection.database_url_env ?? 'SYNAPSOR_DATABASE_READ_URL',
    write_url_env: writesSql ? (selection.write_url_env ?? 'SYNAPSOR_DATABASE_WRITE_URL') : undefined,
    tenant_id_env: selection.trusted_context?.tenant_id_env ?? 'SYNAPSOR_TENANT_ID',
    principal_env: selection.trusted_context?.principal_env ?? 'SYNAPSOR_PRINCIPAL',
    handler: resolveHandler(selection),
    role: selection.approval?.required_role ?? `${namespace}_reviewer`,
    change,
  }
}

/** What nobody writes is not for anybody to approve. */
function modeFor(change: ResolvedChange | undefined): ResolvedSelection['mode'] {
  if (change === undefined) return 'read_only'
  return change.writeback === 'none' ? 'shadow' : 'review'
}

/** With a token and a secret: a handler that asks for neither would write for whoever reaches it. */
function resolveHandler(selection: Selection): Handler {
  return {
    url_env: selection.handler_url_env ?? 'SYNAPSOR_HANDLER_URL',
    token_env: selection.handler_token_env ?? 'SYNAPSOR_HANDLER_TOKEN',
    secret_env: selection.handler_secret_env ?? 'SYNAPSOR_HANDLER_SECRET',
    command_env: selection.handler_command_env ?? 'SYNAPSOR_HANDLER_COMMAND',
  }
}

function resolveChange(selection: Selection): ResolvedChange | undefined {
  if (!proposes(selection)) return undefined
  const { patch, allowed_columns, writeback = 'direct_sql' } = selection
  const allowed = allowed_columns ?? Object.keys(patch ?? {})
  return {
    patch: patch ?? Object.fromEntries(allowed.map((column) => [column, { from_arg: argumentFor(column) }])),
    allowed_columns: allowed,
    writeback,
  }
}

/** A column whose name says what only the session may say still needs an argument of some name. */
export function argumentFor(column: string): string {
  return isRefusedArgument(column) ? `new_${column}` : column
}

function lookupArgument(object: string): string {
  const name = `${object}_id`
  return isRefusedArgument(name) ? `${object}_key` : name
}

const PLURALS: readonly (readonly [RegExp, string])[] = [
  [/ies$/i, 'y'],
  [/(ss|x|ch|sh)es$/i, '$1'],
  [/(ss|us|is)$/i, '$1'],
  [/s$/i, ''],
]

/** `invoices` is many of `invoice`. A word that follows no rule stays as it is. */
export function singular(table: string): string {
  const rule = PLURALS.find(([ending]) => ending.test(table))
  const word = rule === undefined ? table : table.replace(rule[0], rule[1])
  return word === '' ? table : word
}
