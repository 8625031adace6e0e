import type { ContractProblem } from '../contract/problems.js'
import type { ResolvedSelection } from './resolve-selection.js'
import type { SelectionProblem } from './selection-problem.js'

/** Where an answer stands in the contract, the more exact ones first. */
const PLACES: readonly (readonly [pattern: RegExp, selected: string])[] = [
  [/^\/capabilities\/\d+\/target\/(schema|table|primary_key|tenant_key|single_tenant_dev)$/, '/$1'],
  [/^\/capabilities\/0\/name$/, '/inspect_tool_name'],
  [/^\/capabilities\/1\/name$/, '/proposal_tool_name'],
  [/^\/capabilities\/0\/description$/, '/inspect_description'],
  [/^\/capabilities\/1\/description$/, '/proposal_description'],
  [/^\/capabilities\/0\/returns_hint$/, '/inspect_returns_hint'],
  [/^\/capabilities\/1\/returns_hint$/, '/proposal_returns_hint'],
  [/^\/capabilities\/\d+\/examples.*$/, '/object_id'],
  [/^\/capabilities\/\d+\/conflict_guard\/column$/, '/conflict_column'],
  [/^\/capabilities\/\d+\/conflict_guard\/weak_guard_ack$/, '/weak_guard_ack'],
  [/^\/capabilities\/\d+\/approval\/required_role$/, '/approval/required_role'],
  [/^\/capabilities\/\d+\/(?:writeback|executor)\b.*$/, '/writeback'],
  [
    /^\/capabilities\/\d+\/((?:visible_columns|untrusted_columns|allowed_columns|patch|numeric_bounds|transition_guards)\b.*)$/,
    '/$1',
  ],
  [/^\/sources\/[^/]+\/(path|read_url_env|write_url_env|statement_timeout_ms)$/, '/$1'],
  [/^\/sources\b.*$/, '/source_name'],
  [/^\/trusted_context\/values\/(tenant_id_env|principal_env)$/, '/trusted_context/$1'],
  [/^\/operators\b.*$/, '/operators'],
]

/** Says a problem of the contract of the answer that made it. What no answer made keeps its place. */
export function toSelectionProblem(found: ContractProblem, { lookup_arg }: ResolvedSelection): SelectionProblem {
  const [, argument, rest = ''] = /^\/capabilities\/\d+\/args\/([^/]+)(.*)$/.exec(found.path) ?? []
  if (argument !== undefined) {
    return { ...found, path: argument === lookup_arg ? '/lookup_arg' : `/patch_args/${argument}${rest}` }
  }
  const place = PLACES.find(([pattern]) => pattern.test(found.path))
  return place === undefined ? found : { ...found, path: found.path.replace(...place) }
}
