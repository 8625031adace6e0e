import { type DraftCapability, entriesOf, itemsOf } from './draft.js'
import { type ContractProblem, type Path, problem } from './problems.js'
import type { DraftWorkflow, WorkflowSubject } from './workflow-subject.js'

type RunApproval = NonNullable<NonNullable<DraftWorkflow['approvals']>[number]>

/** Each risk is spoken of once, some capability of the run has it, and the people that are listed can decide. */
export function* checkRunApprovals(subject: WorkflowSubject): Iterable<ContractProblem> {
  const seen = new Set<string>()
  const risks = risksOf(subject)
  for (const [index, approval] of itemsOf(subject.workflow.approvals)) {
    const at = [...subject.path, 'approvals', index]
    const { on_risk } = approval
    if (on_risk !== undefined && seen.has(on_risk)) {
      yield problem('DUPLICATE_NAME', [...at, 'on_risk'], `Say once what the risk \`${on_risk}\` asks for.`)
    }
    if (on_risk !== undefined && risks !== undefined && !risks.has(on_risk)) {
      const message = `Give an allowed capability the \`risk\` ${on_risk}, or remove this: it asks for nothing.`
      yield problem('INVALID_VALUE', [...at, 'on_risk'], message)
    }
    if (on_risk !== undefined) seen.add(on_risk)
    yield* checkRole(subject, approval, at)
    yield* checkReach(subject, approval, at)
  }
}

/** A run may ask for more people, or for a role where there is none; another role would let others decide. */
function* checkRole({ capabilities, workflow }: WorkflowSubject, approval: RunApproval, path: Path) {
  const { on_risk, required_role } = approval
  if (required_role === undefined) return
  for (const [, name] of itemsOf(workflow.allowed_capabilities)) {
    const capability = capabilities.get(name)
    const own = capability !== undefined && 'approval' in capability ? capability.approval?.required_role : undefined
    if (riskOf(capability) !== on_risk || own === undefined || own === required_role) continue
    const message = `Remove \`required_role\`, or give it as \`${own}\`: that is the role that \`${name}\` asks for.`
    yield problem('INVALID_VALUE', [...path, 'required_role'], message)
  }
}

/** The risks of what a run may call; `undefined` where that cannot be told yet. */
function risksOf({ capabilities, workflow }: WorkflowSubject): ReadonlySet<string | undefined> | undefined {
  if (workflow.allowed_capabilities === undefined) return undefined
  const allowed = itemsOf(workflow.allowed_capabilities).map(([, name]) => capabilities.get(name))
  if (allowed.includes(undefined)) return undefined
  return new Set(allowed.map(riskOf))
}

function riskOf(capability: DraftCapability | undefined): string | undefined {
  return capability !== undefined && 'risk' in capability ? capability.risk : undefined
}

function* checkReach({ config }: WorkflowSubject, approval: RunApproval, path: Path) {
  if (config.operators === undefined) return
  const { required_role: role, required_approvals: needed = 1 } = approval
  const able = entriesOf(config.operators).filter(([, { roles }]) => role === undefined || roles?.includes(role))
  if (able.length >= needed) return
  const who = role === undefined ? 'operators' : `operators with the role \`${role}\``
  const key = role === undefined ? 'required_approvals' : 'required_role'
  const message = `List ${needed} ${who}: there ${able.length === 1 ? 'is' : 'are'} ${able.length}, so nothing can be approved.`
  yield problem('APPROVAL_UNREACHABLE', [...path, key], message)
}
