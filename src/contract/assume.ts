import type { z } from 'zod'
import { pathOf, valueAt } from './issues.js'
import { isRecord } from './snapshot.js'

const LIKELY: Readonly<Record<string, (given: Record<string, unknown>) => string>> = {
  kind: (capability) => ('patch' in capability || 'allowed_columns' in capability ? 'proposal' : 'read'),
  engine: (source) => ('path' in source ? 'sqlite' : 'postgres'),
}

/**
 * A copy of `tree` in which every capability without a valid `kind` and every source without a valid `engine` has the
 * likely one, so that what else is wrong with them is found too. The same `tree` where there is none.
 */
export function withAssumedTags(tree: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  const places = issues.flatMap((issue) =>
    issue.code === 'invalid_union' && issue.discriminator !== undefined ? [pathOf(issue)] : [],
  )
  if (places.length === 0) return tree
  const copy: unknown = structuredClone(tree)
  for (const path of places) {
    const tag = String(path.at(-1))
    const object = valueAt(copy, path.slice(0, -1))
    const likely = LIKELY[tag]
    if (isRecord(object) && likely !== undefined) object[tag] = likely(object)
  }
  return copy
}
