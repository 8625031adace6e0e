import type { PartialSelection } from '../../onboarding/selection.js'
import type { Engine } from '../../protocol/table.js'
import { given } from '../given.js'
import type { OptionValues } from '../options.js'
import { boundsOf, guardsOf, namesIn, patchOf } from './flag-values.js'
import type { INIT_OPTIONS, START_OPTIONS } from './options.js'

export type StartOptions = OptionValues<typeof START_OPTIONS>
export type InitOptions = OptionValues<typeof INIT_OPTIONS>

/**
 * The answers that flags give. What a name may look like is for the selection to say.
 *
 * @throws UsageError for a flag that cannot be read.
 */
export function readFlags(options: StartOptions, engine: Engine | undefined): PartialSelection {
  const { tenant_env: tenant_id_env, principal_env, approver_role: required_role, approver } = options
  const context = given({ tenant_id_env, principal_env })
  return given({
    engine,
    mode: options.mode,
    source_name: options.source_name,
    read_url_env: options.from_env,
    write_url_env: options.write_url_env,
    path: options.path,
    schema: options.schema,
    table: options.table,
    primary_key: options.primary_key,
    tenant_key: options.tenant_key,
    single_tenant_dev: options.single_tenant_dev,
    namespace: options.namespace,
    object_name: options.object_name,
    lookup_arg: options.lookup_arg,
    visible_columns: namesIn(options.visible_columns),
    untrusted_columns: namesIn(options.untrusted_columns),
    conflict_column: options.conflict_column,
    weak_guard_ack: options.weak_guard,
    allowed_columns: namesIn(options.allowed_columns),
    patch: patchOf(options),
    numeric_bounds: boundsOf(options.numeric_bound),
    transition_guards: guardsOf(options.transition_guard),
    writeback: options.writeback,
    handler_url_env: options.handler_url_env,
    handler_token_env: options.handler_token_env,
    handler_secret_env: options.handler_secret_env,
    handler_command_env: options.handler_command_env,
    trusted_context: Object.keys(context).length === 0 ? undefined : context,
    approval: required_role === undefined ? undefined : { required_role },
    operators: approver,
    object_id: options.object_id,
  })
}
