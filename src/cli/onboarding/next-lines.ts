import { relative } from 'node:path'
import type { ResolvedSelection } from '../../onboarding/resolve-selection.js'
import type { Io } from '../io.js'
import { nonBlank } from '../non-blank.js'
import { variablesOf } from './env-example.js'
import type { Plan } from './plan-files.js'

/** Variables of the contract that are not set here. */
export function unsetVariables(resolved: ResolvedSelection, { env }: Io): readonly string[] {
  return variablesOf(resolved).flatMap(({ name }) => (nonBlank(env[name]) === undefined ? [name] : []))
}

/** Lines to type next, in their order. */
export function nextLines(resolved: ResolvedSelection, plan: Plan, io: Io): readonly string[] {
  const { change, inspect_name, propose_name, lookup_arg, selection } = resolved
  const path = relative(io.cwd, plan.contract_path)
  const config = path === 'synapsor.runner.json' ? '' : ` --config ${path}`
  const writes = change?.writeback === 'direct_sql' && resolved.mode === 'review'
  const has_sample = selection.object_id !== undefined
  return [
    `synapsor-runner doctor${config}`,
    ...(writes && selection.engine === 'sqlite'
      ? [`synapsor-runner migrations apply ${resolved.source}${config}`]
      : []),
    `synapsor-runner call ${inspect_name} ${has_sample ? '--sample' : `${lookup_arg}=<key>`}${config}`,
    ...(change === undefined
      ? []
      : [`synapsor-runner propose ${propose_name} ${has_sample ? '--sample' : '…'}${config}`]),
    `synapsor-runner mcp config claude-desktop${config}`,
  ]
}

/** Who may decide is for the contract to say; until it does, the command line refuses. */
export function operatorsToAdd({ change, mode, role, selection }: ResolvedSelection): string | null {
  if (change === undefined || mode !== 'review' || (selection.operators ?? []).length > 0) return null
  return `"operators": ${JSON.stringify({ '<person>': { roles: [role] } })}`
}
