import { DEFAULT_MAX_LENGTH } from '../capability/arguments.js'
import { isDayColumn, isSecretColumn, isStateColumn } from '../contract/column-words.js'
import { separatesDuties } from '../contract/resolve.js'
import type { ArgumentConfig, ParsedConfig, ProposalCapability } from '../contract/schema.js'
import { finding, type LintFinding } from './lint-codes.js'

type Place = readonly (string | number)[]

const DAY_IN_SECONDS = 24 * 60 * 60
/** What waits longer is decided on by people who no longer know why it was proposed. */
const LONGEST_DAYS = 31

/** What a proposal writes, and who lets it. */
export function* lintProposal(
  config: ParsedConfig,
  capability: ProposalCapability,
  path: Place,
): Iterable<LintFinding> {
  for (const column of Object.keys(capability.patch)) yield* lintColumn(capability, column, path)
  yield* lintApproval(config, capability, path)
  const { conflict_guard: guard, expires_in_seconds, on_active_proposal, allowed_columns, patch } = capability
  if (guard.column !== undefined && isDayColumn(guard.column)) {
    const message = `By its name ${guard.column} may hold a day, within which two writes would not be told apart.`
    yield finding('GUARD_COARSE', [...path, 'conflict_guard', 'column'], message)
  }
  if (expires_in_seconds > LONGEST_DAYS * DAY_IN_SECONDS) {
    const days = Math.floor(expires_in_seconds / DAY_IN_SECONDS)
    yield finding('EXPIRY_LONG', [...path, 'expires_in_seconds'], `A proposal may be applied for ${days} days.`)
  }
  if (on_active_proposal === 'allow') {
    const message = 'Several proposals on one row can wait at once: whoever approves one does not see the others.'
    yield finding('RIVALS_ALLOWED', [...path, 'on_active_proposal'], message)
  }
  for (const [index, column] of allowed_columns.entries()) {
    if (Object.hasOwn(patch, column)) continue
    const message = `A patch may touch ${column}, and none does.`
    yield finding('COLUMN_NEVER_WRITTEN', [...path, 'allowed_columns', index], message)
  }
}

function* lintColumn(capability: ProposalCapability, column: string, path: Place): Iterable<LintFinding> {
  const at = [...path, 'patch', column]
  if (isSecretColumn(column)) {
    yield finding(
      'SECRET_COLUMN_WRITTEN',
      at,
      `By its name ${column} holds a secret or a personal number, which people would have to review.`,
    )
  }
  const value = capability.patch[column]
  if (value === undefined || 'fixed' in value) return
  const argument = capability.args[value.from_arg]
  if (argument === undefined || argument.enum !== undefined) return
  const isGuarded = Object.hasOwn(capability.transition_guards ?? {}, column)
  if (isStateColumn(column) && !isGuarded) {
    yield finding('STATE_WRITTEN_FREELY', at, `The model may write any state it likes into ${column}.`)
  }
  if (argument.type === 'string' && argument.max_length === undefined && !isGuarded) {
    const message = `A text of up to ${DEFAULT_MAX_LENGTH} characters may be written into ${column}.`
    yield finding('TEXT_WRITTEN_UNBOUNDED', at, message)
  }
  if (isNumber(argument) && !isBounded(capability, column, argument)) {
    yield finding(
      'NUMBER_WRITTEN_UNBOUNDED',
      at,
      `A number without least and greatest value may be written into ${column}.`,
    )
  }
}

function isNumber({ type }: ArgumentConfig): boolean {
  return type === 'number' || type === 'integer'
}

function isBounded({ numeric_bounds = {} }: ProposalCapability, column: string, argument: ArgumentConfig): boolean {
  const bounds = Object.hasOwn(numeric_bounds, column) ? numeric_bounds[column] : undefined
  return [bounds?.minimum ?? argument.minimum, bounds?.maximum ?? argument.maximum].every((each) => each !== undefined)
}

function* lintApproval(config: ParsedConfig, capability: ProposalCapability, path: Place): Iterable<LintFinding> {
  if (config.mode !== 'review') return
  const { approval, risk } = capability
  const at = [...path, 'approval']
  if (approval.required_role === undefined) {
    yield finding('ROLE_MISSING', [...at, 'required_role'], 'Whoever may decide at all may approve this.')
  }
  if (approval.separation_of_duties !== undefined && !separatesDuties(config, capability)) {
    yield finding('DUTIES_NOT_SEPARATED', [...at, 'separation_of_duties'], 'Whoever proposes may approve it, too.')
  }
  if (risk === 'high' && approval.required_approvals === 1) {
    const message = 'The risk is high, and one person decides.'
    yield finding('FEW_APPROVALS', [...at, 'required_approvals'], message)
  }
}
