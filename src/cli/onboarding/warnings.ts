import { resolveSelection } from '../../onboarding/resolve-selection.js'
import type { Selection } from '../../onboarding/selection.js'
import type { Gathered } from './gather.js'
import type { Plan } from './plan-files.js'

/** What is unwise about the table, and what was chosen against better advice. Each in words, once. */
export function warningsOf({ assessment, selection }: Gathered, { contract, warnings }: Plan): readonly string[] {
  const { has_change, uses_version } = partsOf(contract)
  const notes = (assessment?.notes ?? [])
    .filter(({ code }) => !ANSWERED.includes(code) && (has_change || !ABOUT_WRITING.includes(code)))
    .filter(({ code }) => !(uses_version && code === 'COARSE_VERSION'))
    .map(({ message, next }) => `${message} ${next}`)
  return [...new Set([...writtenByNobody(selection), ...notes, ...warnings.map(({ message }) => message)])]
}

function writtenByNobody(selection: Selection): readonly string[] {
  const { mode, change } = resolveSelection(selection)
  if (mode !== 'shadow' || change?.writeback !== 'none') return []
  return ['Nobody writes what is proposed, so that the mode is shadow: proposals are kept and can never be approved.']
}

/** The choice of columns has answered these; and what is written here lists no rows. */
const ANSWERED: readonly string[] = [
  'SECRET_COLUMNS',
  'UNTRUSTED_TEXT',
  'GENERATED_COLUMNS',
  'NO_TENANT_KEY',
  'TENANT_NOT_INDEXED',
]
const ABOUT_WRITING: readonly string[] = [
  'NOT_A_TABLE',
  'NO_VERSION_COLUMN',
  'COARSE_VERSION',
  'NOT_TRANSACTIONAL',
  'TRIGGERS',
  'CASCADES',
  'NOT_DURABLE',
]

function partsOf({ capabilities = [] }: Plan['contract']) {
  const proposals = capabilities.filter((each) => each.kind === 'proposal')
  return {
    has_change: proposals.length > 0,
    uses_version: proposals.some(({ conflict_guard }) => conflict_guard.column !== undefined),
  }
}
