import type { View } from '../command.js'
import { renderFields } from '../text/fields.js'
import { escapeUntrusted } from '../untrusted-text.js'
import type { SmokeResult, SmokeStep } from './run-smoke.js'

const TITLES: Readonly<Record<SmokeStep['step'], string>> = {
  read: 'Read',
  propose: 'Proposed',
  read_again: 'Read again',
  compare: 'Compared',
  withdraw: 'Withdrawn',
}

/** Step by step, and what follows from it. */
export function renderSmoke(result: SmokeResult, { columns, paint }: View): string {
  const fields = result.steps.map(({ step, capability, ok, summary, code }) => {
    const name = capability === undefined ? '' : `${capability}: `
    const why = code === undefined ? '' : ` (${code})`
    return [`${ok ? '+' : 'x'}  ${TITLES[step]}`, escapeUntrusted(`${name}${summary}${why}`)] as const
  })
  const [digest] = result.row_digests
  const read = result.source_unchanged === true && digest !== undefined ? [['   Digest', digest] as const] : []
  const verdict = verdictOf(result)
  return [renderFields([...fields, ...read], columns), '', result.ok ? paint.green(verdict) : paint.red(verdict)].join(
    '\n',
  )
}

function verdictOf({ ok, source_unchanged, is_kept, proposal_id }: SmokeResult): string {
  const kept = is_kept && proposal_id !== null ? ` Proposal ${escapeUntrusted(proposal_id)} stays as it is.` : ''
  if (source_unchanged === false) return `The source is not as it was: somebody else may have changed it.${kept}`
  if (!ok) return `Not everything is in place.${kept}`
  return `Everything is in place${source_unchanged === true ? ', and the source is unchanged' : ''}.${kept}`
}
