import type { Run, RunStep } from '../../index.js'
import type { View } from '../command.js'
import { escapeUntrusted } from '../untrusted-text.js'
import { type Field, renderFields } from './fields.js'
import { lineOf, waitOf } from './run-words.js'
import { type Column, renderTable } from './table.js'
import { age, until } from './time.js'

/** Everything of a run: what it is, its steps, what it waits for and who moves next. */
export function renderRun(run: Run, view: View): string {
  const { paint, columns } = view
  return [
    paint.bold(escapeUntrusted(`${run.run_id}  ${run.status}`)),
    '',
    renderFields(about(run, view), columns),
    '',
    paint.bold('Steps'),
    run.steps.length === 0 ? '  None yet.' : renderTable(run.steps, stepColumns(view), columns),
    '',
    renderWait(run, view),
  ].join('\n')
}

/** What a run waits for, and the line to type. */
export function renderWait(run: Run, { columns, paint }: View): string {
  const line = lineOf(run)
  const told: readonly (Field | undefined)[] = [
    ['Now', escapeUntrusted(waitOf(run))],
    run.question === undefined ? undefined : ['Asked', escapeUntrusted(run.question)],
    run.error === undefined ? undefined : ['Error', escapeUntrusted(`${run.error.code}: ${run.error.message}`)],
    run.error === undefined ? undefined : ['', escapeUntrusted(run.error.next)],
  ]
  const fields = renderFields(
    told.filter((field) => field !== undefined),
    columns,
  )
  return line === undefined ? fields : `${fields}\n\n  ${paint.cyan(escapeUntrusted(`synapsor-runner ${line}`))}`
}

function about(run: Run, { now }: View): readonly Field[] {
  const { context, created_at, expires_at, input, output } = run
  const all: readonly (readonly [string, string | null])[] = [
    ['Workflow', `${run.workflow} (version ${run.version})`],
    ['Tenant', context.tenant_id],
    ['Started by', `${context.principal} (${context.provenance}), ${age(created_at, now)} ago`],
    ['On behalf of', context.on_behalf_of ?? null],
    ['Expires', `${expires_at} (${until(expires_at, now)})`],
    ['Branch', run.branch],
    ['Evidence', run.evidence_bundle_id],
    ['Proposal', run.proposal_id],
    ...Object.entries(input).map(([name, value]) => [`Input ${name}`, JSON.stringify(value)] as const),
    ['Output', output === undefined ? null : JSON.stringify(output)],
  ]
  return all.flatMap(([label, value]): Field[] =>
    value === null ? [] : [[escapeUntrusted(label), escapeUntrusted(value)]],
  )
}

/** Steps under each other, with what each left behind. */
export function stepColumns({ paint }: View): readonly Column<RunStep>[] {
  return [
    { title: 'STEP', value: ({ key }) => key, narrow: 'cut' },
    { title: 'KIND', value: ({ kind }) => kind },
    {
      title: 'STATUS',
      value: ({ status, error }) => (error === undefined ? status : `${status} (${error})`),
      paint: (cell, { status }) => (status === 'failed' ? paint.red(cell) : cell),
    },
    { title: 'LEFT', value: ({ proposal_id, evidence_bundle_id }) => proposal_id ?? evidence_bundle_id ?? '' },
  ]
}
