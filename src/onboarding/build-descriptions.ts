import { words } from './build-arguments.js'
import type { ResolvedChange, ResolvedSelection } from './resolve-selection.js'

/** Longer lists of columns say less than they cost in every request of a model. */
const MOST_COLUMNS = 12

/** What the capability that reads says of itself. */
export function inspectDescription({ selection, object, lookup_arg }: ResolvedSelection): string {
  if (selection.inspect_description !== undefined) return selection.inspect_description
  const shown = selection.visible_columns.slice(0, MOST_COLUMNS).join(', ')
  const more = selection.visible_columns.length > MOST_COLUMNS ? ' and more' : ''
  return `Reads one ${words(object)} by ${lookup_arg}: ${shown}${more}. Changes nothing.`
}

/** What the capability that proposes says of itself: what it sets, within which limits, and who decides. */
export function proposeDescription(resolved: ResolvedSelection, change: ResolvedChange): string {
  const { selection, object, inspect_name } = resolved
  if (selection.proposal_description !== undefined) return selection.proposal_description
  const limits = [...boundTexts(selection.numeric_bounds), ...transitionTexts(selection.transition_guards)]
  return [
    `Proposes a change of one ${words(object)}: ${Object.entries(change.patch).map(setText).join(', ')}.`,
    ...(limits.length === 0 ? [] : [`Limits: ${limits.join('; ')}.`]),
    `Read it with ${inspect_name} first.`,
    `Writes nothing: ${decider(resolved)}.`,
  ].join(' ')
}

function decider({ mode, role }: ResolvedSelection): string {
  return mode === 'shadow' ? 'it is kept to be looked at, and never applied' : `a person with the role ${role} decides`
}

type Patch = ResolvedChange['patch']

function setText([column, value]: readonly [string, Patch[string]]): string {
  if ('fixed' in value) return `sets ${column} to ${JSON.stringify(value.fixed)}`
  return value.from_arg === column ? `sets ${column}` : `sets ${column} by ${value.from_arg}`
}

function boundTexts(bounds: ResolvedSelection['selection']['numeric_bounds'] = {}): readonly string[] {
  return Object.entries(bounds).map(([column, { minimum, maximum }]) => {
    if (minimum === undefined) return `${column} at most ${maximum}`
    return maximum === undefined ? `${column} at least ${minimum}` : `${column} from ${minimum} to ${maximum}`
  })
}

function transitionTexts(guards: ResolvedSelection['selection']['transition_guards'] = {}): readonly string[] {
  return Object.entries(guards).flatMap(([column, { allowed }]) =>
    Object.entries(allowed).map(([from, following]) => `${column} from ${from} to ${following.join(' or ')}`),
  )
}
