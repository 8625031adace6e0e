import { hasArgumentType } from './argument-value.js'
import { rangeProblem } from './check-limits.js'
import { argumentOf, type DraftArgument, entriesOf, itemsOf } from './draft.js'
import { type ContractProblem, type Path, problem } from './problems.js'
import { patternProblem } from './safe-pattern.js'
import { isProposal, type Subject } from './subject.js'

/** Rules of an argument belong to its type, can be met, and every argument is used. */
export function* checkArguments(subject: Subject): Iterable<ContractProblem> {
  const used = usedArguments(subject)
  for (const [name, argument] of entriesOf(subject.capability.args)) {
    const path = [...subject.path, 'args', name]
    yield* checkArgument(argument, path)
    if (used !== undefined && !used.has(name)) {
      yield problem(
        'UNUSED_ARGUMENT',
        path,
        `Remove \`${name}\`, or use it in \`lookup\` or \`patch\`: nothing reads it.`,
      )
    }
  }
}

/** Rules of one argument, of a capability or of a workflow, belong to its type and can be met. */
export function* checkArgument(argument: DraftArgument, path: Path): Iterable<ContractProblem> {
  yield* checkTyped(argument, path)
  const range = rangeProblem(argument, path)
  if (range !== undefined) yield range
  yield* checkEnum(argument, path)
}

/** Names of the arguments that something reads; `undefined` where that cannot be told yet. */
function usedArguments(subject: Subject): ReadonlySet<string> | undefined {
  const names = new Set<string>()
  const { lookup } = subject.capability
  if (lookup?.id_from_arg !== undefined) names.add(lookup.id_from_arg)
  if (!isProposal(subject)) return names
  const { patch } = subject.capability
  if (patch === undefined) return undefined
  for (const [, value] of entriesOf(patch)) names.add(argumentOf(value) ?? '')
  return names
}

function* checkTyped(argument: DraftArgument, path: Path): Iterable<ContractProblem> {
  const { type, pattern, max_length } = argument
  if (type === undefined) return
  const numeric = type === 'number' || type === 'integer'
  for (const [key, fits] of [
    ['max_length', type === 'string'],
    ['pattern', type === 'string'],
    ['minimum', numeric],
    ['maximum', numeric],
  ] as const) {
    if (argument[key] === undefined || fits) continue
    yield problem('INVALID_VALUE', [...path, key], `Remove \`${key}\`: an argument of type ${type} has none.`)
  }
  if (pattern === undefined || type !== 'string') return
  const message = patternProblem(pattern, max_length)
  if (message !== undefined) yield problem('UNSAFE_PATTERN', [...path, 'pattern'], message)
}

function* checkEnum(argument: DraftArgument, path: Path): Iterable<ContractProblem> {
  const seen = new Set<unknown>()
  for (const [index, value] of itemsOf(argument.enum)) {
    const at = [...path, 'enum', index]
    if (!hasArgumentType(argument.type, value)) {
      yield problem('INVALID_TYPE', at, `Give a value of type ${argument.type}, as the argument has.`)
    }
    if (seen.has(value)) yield problem('DUPLICATE_NAME', at, 'Give each value once.')
    seen.add(value)
  }
}
