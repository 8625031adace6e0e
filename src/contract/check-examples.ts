import { argumentMisfit } from './argument-value.js'
import { entriesOf, itemsOf, own } from './draft.js'
import { type ContractProblem, problem } from './problems.js'
import { patternProblem } from './safe-pattern.js'
import type { Subject } from './subject.js'
import { didYouMean, shown } from './suggest.js'

/** Every example is a call that the arguments accept. */
export function* checkExamples({ capability, path }: Subject): Iterable<ContractProblem> {
  const args = capability.args ?? {}
  for (const [index, example] of itemsOf(capability.examples)) {
    const at = [...path, 'examples', index]
    for (const [name, argument] of entriesOf(args)) {
      if (argument.required === false || Object.hasOwn(example, name)) continue
      yield problem('EXAMPLE_INVALID', [...at, name], `Add the argument \`${name}\`: it is required.`)
    }
    for (const [name, value] of entriesOf(example)) {
      const argument = own(args, name)
      if (argument === undefined) {
        // A faulty argument is missing here and reported where it stands.
        if (Object.hasOwn(args, name)) continue
        const message = `Remove \`${shown(name)}\`: the capability has no such argument.${didYouMean(name, Object.keys(args))}`
        yield problem('EXAMPLE_INVALID', [...at, name], message)
        continue
      }
      const unsafe = argument.pattern !== undefined && patternProblem(argument.pattern, argument.max_length)
      const misfit = argumentMisfit(unsafe ? { ...argument, pattern: undefined } : argument, value)
      if (misfit !== undefined) yield problem('EXAMPLE_INVALID', [...at, name], misfit)
    }
  }
}
