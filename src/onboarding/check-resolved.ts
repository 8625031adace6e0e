import { didYouMean } from '../contract/suggest.js'
import type { ResolvedSelection } from './resolve-selection.js'
import { type SelectionProblem, selectionProblem } from './selection-problem.js'

/** What the contract itself could not tell any more, once an answer has taken the place of another. */
export function* checkResolved({ selection, change, lookup_arg }: ResolvedSelection): Iterable<SelectionProblem> {
  const args = Object.entries(change?.patch ?? {}).flatMap(([column, value]) =>
    'from_arg' in value ? [[column, value.from_arg] as const] : [],
  )
  for (const [column, name] of args) {
    if (name !== lookup_arg) continue
    const message = `Name another argument: \`${name}\` carries the key.`
    yield selectionProblem(['patch', column, 'from_arg'], message, 'DUPLICATE_NAME')
  }
  const names = args.map(([, name]) => name)
  for (const name of Object.keys(selection.patch_args ?? {})) {
    if (names.includes(name)) continue
    const message = `Use \`${name}\` in \`patch\`, or remove it.${didYouMean(name, names)}`
    yield selectionProblem(['patch_args', name], message, 'UNKNOWN_REFERENCE')
  }
}
