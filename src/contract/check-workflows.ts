import { checkArgument } from './check-arguments.js'
import { checkRepeated } from './check-names.js'
import { checkRunApprovals } from './check-run-approvals.js'
import { checkSteps } from './check-steps.js'
import { type Draft, entriesOf, itemsOf } from './draft.js'
import { type ContractProblem, problem } from './problems.js'
import { didYouMean, fold } from './suggest.js'
import { toWireName } from './wire-name.js'
import { type DraftWorkflow, type WorkflowSubject, workflowSubjectsOf } from './workflow-subject.js'

/** What a workflow that is a tool takes beside its inputs: the run that goes on, and what that was waiting for. */
const RESERVED_INPUTS: ReadonlySet<string> = new Set(['run_id', 'step', 'information'].map(fold))

/** A workflow has a name of its own, calls what is there, and its steps can be gone through. */
export function* checkWorkflows(draft: Draft, tree: unknown): Iterable<ContractProblem> {
  const subjects = workflowSubjectsOf(draft, tree)
  yield* checkWorkflowNames(draft, subjects)
  for (const subject of subjects) {
    const { path, workflow } = subject
    yield* checkAllowed(subject)
    yield* checkRepeated(workflow.session_require, [...path, 'session_require'])
    if (workflow.linked === true && workflow.steps !== undefined) {
      const message = 'Remove `linked`, or `steps`: one of them says who makes the calls.'
      yield problem('INVALID_VALUE', [...path, 'linked'], message)
    }
    yield* checkInput(subject)
    yield* checkRunApprovals(subject)
    yield* checkSteps(subject)
  }
}

/** Names are unique among capabilities and workflows together, also as they go over the wire. */
function* checkWorkflowNames({ capabilities }: Draft, subjects: readonly WorkflowSubject[]): Iterable<ContractProblem> {
  const seen = new Map<string, string>()
  for (const [, { name }] of itemsOf(capabilities)) {
    if (name !== undefined && !seen.has(toWireName(name))) seen.set(toWireName(name), name)
  }
  for (const { workflow, path } of subjects) {
    const { name } = workflow
    if (name === undefined) continue
    const earlier = seen.get(toWireName(name))
    seen.set(toWireName(name), earlier ?? name)
    if (earlier === undefined) continue
    const message =
      earlier === name
        ? `Give this workflow another name: \`${name}\` is taken.`
        : `Give this workflow another name: \`${earlier}\` becomes \`${toWireName(name)}\` too where dots are not allowed.`
    yield problem('DUPLICATE_NAME', [...path, 'name'], message)
  }
}

/** What a run may call is there, each once, and all of one context. */
function* checkAllowed({ capabilities, path, workflow }: WorkflowSubject): Iterable<ContractProblem> {
  const at = [...path, 'allowed_capabilities']
  yield* checkRepeated(workflow.allowed_capabilities, at)
  const known = itemsOf(workflow.allowed_capabilities).filter(([, name]) => capabilities.has(name))
  const first = known[0]?.[1]
  for (const [index, name] of itemsOf(workflow.allowed_capabilities)) {
    if (!capabilities.has(name)) {
      const message = `Allow a capability of the contract.${didYouMean(name, capabilities.keys())}`
      yield problem('UNKNOWN_REFERENCE', [...at, index], message)
      continue
    }
    if (first === undefined || capabilities.get(name)?.context === capabilities.get(first)?.context) continue
    const message = `Allow capabilities of one \`context\`: a run has one, and this is not that of \`${first}\`.`
    yield problem('INVALID_VALUE', [...at, index], message)
  }
}

function* checkInput({ path, workflow }: WorkflowSubject): Iterable<ContractProblem> {
  const used = usedInputs(workflow)
  for (const [name, argument] of entriesOf(workflow.input)) {
    const at = [...path, 'input', name]
    if (RESERVED_INPUTS.has(fold(name))) {
      const message = `Rename the input \`${name}\`: the tool of a workflow takes this beside its inputs.`
      yield problem('REFUSED_ARGUMENT', at, message)
    }
    yield* checkArgument(argument, at)
    if (used !== undefined && !used.has(name)) {
      yield problem('UNUSED_ARGUMENT', at, `Remove \`${name}\`, or use it in a step: nothing reads it.`)
    }
  }
}

/** Names of the inputs that some step reads; `undefined` where there are no steps. */
function usedInputs({ steps }: DraftWorkflow): ReadonlySet<string | undefined> | undefined {
  if (steps === undefined) return undefined
  return new Set(
    itemsOf(steps).flatMap(([, { args, when }]) => [
      when?.from_input,
      ...entriesOf(args).map(([, value]) => ('from_input' in value ? value.from_input : undefined)),
    ]),
  )
}
