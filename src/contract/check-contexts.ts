import { type Draft, entriesOf } from './draft.js'
import { type ContractProblem, problem } from './problems.js'

/** Literal tenants are for development. */
export function* checkContexts({ contexts, trusted_context }: Draft): Iterable<ContractProblem> {
  const named = entriesOf(contexts).map(([name, context]) => ({ context, path: ['contexts', name] }))
  const all = [{ context: trusted_context, path: ['trusted_context'] }, ...named]
  for (const { context, path } of all) {
    if (context?.provider !== 'static_dev') continue
    const message = 'Every call acts for the same tenant and principal. Use `static_dev` for development only.'
    yield problem('STATIC_CONTEXT', [...path, 'provider'], message)
  }
}
