import type { Run, RunAwaiting } from '../../index.js'

const MOVERS: Readonly<Record<NonNullable<RunAwaiting>, string>> = {
  reviewer: 'reviewer',
  caller: 'caller',
  worker: 'operator',
  external: 'app',
}

/** Who moves next in a run, in a word; empty once it is over. */
export function moverOf({ status, awaiting }: Run): string {
  // What it waited for has come: whoever touches it moves it.
  if (status === 'running') return 'anybody'
  return awaiting === null ? '' : MOVERS[awaiting]
}

/** What a run waits for, and who moves next. */
export function waitOf(run: Run): string {
  const { status, waiting_for, next_allowed_actions } = run
  const mover = moverOf(run)
  if (status === 'running') return 'The run can go on: whoever continues or resumes it moves it.'
  if (mover === '') return `The run is ${status}: it is over.`
  const what = waiting_for === undefined ? '' : `, at ${waiting_for}`
  return `The run is ${status}${what}. The ${mover} moves next: ${next_allowed_actions.join(', ').replaceAll('_', ' ')}.`
}

/** The line to type for whoever moves next, where it is one of the command line. */
export function lineOf({
  run_id,
  status,
  awaiting,
  proposal_id,
  waiting_for,
  next_allowed_actions,
}: Run): string | undefined {
  if (next_allowed_actions.includes('reconcile')) return `reconcile ${proposal_id}`
  if (awaiting === 'reviewer') return `proposals show ${proposal_id}`
  if (awaiting === 'external') return `runs resume ${run_id} --step ${waiting_for} --event '{…}'`
  return awaiting === 'worker' || status === 'running' ? `runs resume ${run_id}` : undefined
}
