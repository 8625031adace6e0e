import { checkRepeated } from './check-names.js'
import { type Draft, type DraftProposal, entriesOf } from './draft.js'
import { type ContractProblem, problem } from './problems.js'
import type { Subject } from './subject.js'

/** Roles of the operators, each once. */
export function* checkOperators({ operators }: Draft): Iterable<ContractProblem> {
  for (const [name, { roles }] of entriesOf(operators)) yield* checkRepeated(roles, ['operators', name, 'roles'])
}

/** A decision can be reached by the people that are listed, and nobody expects a policy to make it. */
export function* checkApproval({ capability, config, path }: Subject<DraftProposal>): Iterable<ContractProblem> {
  const { approval } = capability
  if (approval?.mode === 'policy') {
    const message = 'No policy is evaluated yet: a person decides on these proposals.'
    yield problem('POLICY_NOT_EVALUATED', [...path, 'approval', 'mode'], message)
  }
  if (config.operators === undefined) return
  const role = approval?.required_role
  const able = entriesOf(config.operators).filter(([, { roles }]) => role === undefined || roles?.includes(role))
  const needed = approval?.required_approvals ?? 1
  if (able.length >= needed) return
  const who = role === undefined ? 'operators' : `operators with the role \`${role}\``
  const key = role === undefined ? 'required_approvals' : 'required_role'
  const message = `List ${needed} ${who}: there ${able.length === 1 ? 'is' : 'are'} ${able.length}, so nothing can be approved.`
  yield problem('APPROVAL_UNREACHABLE', [...path, 'approval', key], message)
}
