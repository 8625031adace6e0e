import { cell, renderReplay } from '../operations/render-replay.js'
import { canonicalJson } from '../protocol/canonical.js'
import type { RunReplay } from './replay-run.js'

/** Renders a run's story for people (`markdown`) or for tools (`json`, canonical). */
export function renderRunReplay(story: RunReplay, format: 'markdown' | 'json'): string {
  if (format === 'json') return canonicalJson(story)
  const { run, timeline, proposals } = story
  return [
    `# Replay of ${run.run_id}`,
    '',
    '| | |',
    '| --- | --- |',
    `| Workflow | ${run.workflow} (${cell(run.version)}) |`,
    `| Tenant | ${cell(run.context.tenant_id)} |`,
    `| Started by | ${cell(run.context.principal)} |`,
    `| Status | ${run.status} |`,
    `| Branch | ${run.branch} |`,
    '',
    '## Steps',
    '',
    '| Seq | At | What | Step | Entry |',
    '| --- | --- | --- | --- | --- |',
    ...timeline.map(
      ({ seq, at, type, hash, body }) => `| ${seq} | ${at} | ${type} | ${cell(keyOf(body))} | ${hash.slice(7, 19)} |`,
    ),
    '',
    ...proposals.map((proposal) => renderReplay(proposal, 'markdown')),
  ].join('\n')
}

function keyOf(body: unknown): string {
  const key = typeof body === 'object' && body !== null && 'key' in body ? body.key : ''
  return typeof key === 'string' ? key : ''
}
