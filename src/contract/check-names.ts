import { itemsOf } from './draft.js'
import { type ContractProblem, problem } from './problems.js'
import type { Subject } from './subject.js'
import { didYouMean } from './suggest.js'
import { toWireName } from './wire-name.js'

/** Capability names are unique, also as they go over the wire. */
export function* checkCapabilityNames(subjects: readonly Subject[]): Iterable<ContractProblem> {
  const seen = new Map<string, string>()
  for (const { capability, path } of subjects) {
    const { name } = capability
    if (name === undefined) continue
    const earlier = seen.get(toWireName(name))
    seen.set(toWireName(name), earlier ?? name)
    if (earlier === undefined) continue
    const message =
      earlier === name
        ? `Give this capability another name: \`${name}\` is taken.`
        : `Give this capability another name: \`${earlier}\` becomes \`${toWireName(name)}\` too where dots are not allowed.`
    yield problem('DUPLICATE_NAME', [...path, 'name'], message)
  }
}

/** The source and the context of a capability are declared. */
export function* checkReferences({ capability, names, path }: Subject): Iterable<ContractProblem> {
  const { source, context } = capability
  if (source !== undefined && !names.sources.has(source)) {
    const message = `Declare \`${source}\` in \`sources\`.${didYouMean(source, names.sources)}`
    yield problem('UNKNOWN_REFERENCE', [...path, 'source'], message)
  }
  if (context !== undefined && !names.contexts.has(context)) {
    const message = `Declare \`${context}\` in \`contexts\`.${didYouMean(context, names.contexts)}`
    yield problem('UNKNOWN_REFERENCE', [...path, 'context'], message)
  }
}

/** No role and no permission is listed twice for one person. */
export function* checkRepeated(
  values: readonly (string | undefined)[] | undefined,
  path: readonly (string | number)[],
) {
  const seen = new Set<string>()
  for (const [index, value] of itemsOf(values)) {
    if (seen.has(value)) yield problem('DUPLICATE_NAME', [...path, index], 'List each name once.')
    seen.add(value)
  }
}
