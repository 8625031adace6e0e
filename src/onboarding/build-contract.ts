/** From the answers to a contract. Pure: the same answers give the same bytes. */
import type { Config } from '../contract/schema.js'
import { validateConfig } from '../contract/validate.js'
import type { SurveyedTable } from '../drivers/survey.js'
import {
  type Arguments,
  type Columns,
  isSafeInteger,
  knownColumns,
  lookupArgument,
  patchArguments,
} from './build-arguments.js'
import { inspectDescription, proposeDescription } from './build-descriptions.js'
import { exampleOf } from './build-examples.js'
import { checkResolved } from './check-resolved.js'
import { type ResolvedChange, type ResolvedSelection, resolveSelection } from './resolve-selection.js'
import type { Selection } from './selection.js'
import { assertNoProblems } from './selection-problem.js'
import { toSelectionProblem } from './to-selection-problem.js'

type Capability = NonNullable<Config['capabilities']>[number]
type Source = NonNullable<Config['sources']>[string]
type Executor = NonNullable<Config['executors']>[string]

const SCHEMA = './node_modules/@synapsor/runner/schemas/synapsor.runner.schema.json'

/** How the executor of an app is called in the contract. */
const HANDLER = 'app'

/**
 * Builds the contract of a selection. What the database says of the table decides the types of arguments; without it
 * they are read off the limits.
 *
 * @throws RunnerError `CONFIG_INVALID` with every problem, in terms of the selection.
 */
export function buildContract(selection: Selection, table?: SurveyedTable): Config {
  const columns = knownColumns(table)
  const resolved = resolveSelection(selection)
  assertNoProblems([...checkResolved(resolved)])
  const contract = compose(resolved, columns)
  const { errors } = validateConfig(contract)
  assertNoProblems(errors.map((error) => toSelectionProblem(error, resolved)))
  return contract
}

/** The contract as a file: two blanks, a line break at the end. */
export function renderContract(contract: Config): string {
  return `${JSON.stringify(contract, null, 2)}\n`
}

function compose(resolved: ResolvedSelection, columns: Columns): Config {
  const { mode, change, source, tenant_id_env, principal_env } = resolved
  const executor = executorOf(resolved)
  const operators = resolved.selection.operators ?? []
  return {
    $schema: SCHEMA,
    version: 1,
    mode,
    sources: { [source]: sourceOf(resolved) },
    trusted_context: { provider: 'environment', values: { tenant_id_env, principal_env } },
    ...(executor === undefined ? {} : { executors: { [HANDLER]: executor } }),
    ...(operators.length === 0 ? {} : { operators: operatorsOf(operators, resolved) }),
    capabilities: [
      readCapability(resolved, columns),
      ...(change === undefined ? [] : [proposalCapability(resolved, change, columns)]),
    ],
  }
}

function sourceOf({ selection, change, read_url_env, write_url_env }: ResolvedSelection): Source {
  const timeout =
    selection.statement_timeout_ms === undefined ? {} : { statement_timeout_ms: selection.statement_timeout_ms }
  const read_only = change?.writeback === 'direct_sql' ? {} : { read_only: true }
  if (selection.engine === 'sqlite') return { engine: 'sqlite', path: selection.path ?? '', ...read_only, ...timeout }
  const writer = write_url_env === undefined ? {} : { write_url_env }
  return { engine: selection.engine, read_url_env, ...writer, ...read_only, ...timeout }
}

function executorOf({ handler, change }: ResolvedSelection): Executor | undefined {
  const { url_env, token_env, secret_env, command_env } = handler
  if (change?.writeback === 'command_handler') return { type: 'command_handler', command_env }
  if (change?.writeback !== 'http_handler') return undefined
  return {
    type: 'http_handler',
    url_env,
    auth: { type: 'bearer_env', token_env },
    signing_secret_env: secret_env,
  }
}

function operatorsOf(names: readonly string[], { role }: ResolvedSelection): NonNullable<Config['operators']> {
  return Object.fromEntries(names.map((name) => [name, { roles: [role] }]))
}

/** What both capabilities say of the table. */
function common({ selection, source }: ResolvedSelection) {
  const { schema, table, primary_key, tenant_key, visible_columns, untrusted_columns = [] } = selection
  const scope = tenant_key === undefined ? { single_tenant_dev: true } : { tenant_key }
  return {
    source,
    target: { ...(schema === undefined ? {} : { schema }), table, primary_key, ...scope },
    visible_columns,
    ...(untrusted_columns.length === 0 ? {} : { untrusted_columns }),
  }
}

function readCapability(resolved: ResolvedSelection, columns: Columns): Capability {
  const { selection, inspect_name, lookup_arg } = resolved
  const args = { [lookup_arg]: lookupArgument(resolved, columns) }
  const { source, target, ...shown } = common(resolved)
  return {
    name: inspect_name,
    kind: 'read',
    description: inspectDescription(resolved),
    ...hint(selection.inspect_returns_hint),
    source,
    target,
    args,
    lookup: { id_from_arg: lookup_arg },
    ...shown,
    ...examples(resolved, args, columns),
  }
}

function proposalCapability(resolved: ResolvedSelection, change: ResolvedChange, columns: Columns): Capability {
  const { selection, propose_name, lookup_arg, role } = resolved
  const args = { [lookup_arg]: lookupArgument(resolved, columns), ...patchArguments(resolved, change, columns) }
  const { source, target, ...shown } = common(resolved)
  return {
    name: propose_name,
    kind: 'proposal',
    description: proposeDescription(resolved, change),
    ...hint(selection.proposal_returns_hint),
    source,
    target,
    args,
    lookup: { id_from_arg: lookup_arg },
    ...shown,
    patch: change.patch,
    allowed_columns: change.allowed_columns,
    ...(selection.numeric_bounds === undefined ? {} : { numeric_bounds: selection.numeric_bounds }),
    ...(selection.transition_guards === undefined ? {} : { transition_guards: selection.transition_guards }),
    conflict_guard: guardOf(selection),
    approval: { mode: 'human', required_role: role },
    ...writebackOf(change),
    ...examples(resolved, args, columns),
  }
}

function guardOf({ conflict_column }: Selection) {
  return conflict_column === undefined ? { weak_guard_ack: true } : { column: conflict_column }
}

function writebackOf({ writeback }: ResolvedChange): Pick<Extract<Capability, { kind: 'proposal' }>, 'writeback'> {
  if (writeback === 'direct_sql') return { writeback: { mode: 'direct_sql' } }
  return { writeback: writeback === 'none' ? { mode: 'none' } : { mode: 'app_handler', executor: HANDLER } }
}

function hint(returns_hint: string | undefined) {
  return returns_hint === undefined ? {} : { returns_hint }
}

function examples({ selection, lookup_arg }: ResolvedSelection, args: Arguments, columns: Columns) {
  const { object_id } = selection
  if (object_id === undefined) return {}
  const key = isSafeInteger(columns.get(selection.primary_key)) ? Number(object_id) : object_id
  const example = exampleOf(args, { [lookup_arg]: key })
  return example === undefined ? {} : { examples: [example] }
}
