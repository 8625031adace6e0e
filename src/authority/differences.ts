import { isRecord } from '../contract/snapshot.js'
import { canonicalJson } from '../protocol/canonical.js'
import type { Judgement, Rules, Scene } from './change.js'
import { shownValue } from './judges.js'

/** A judgement with its place. */
export interface Found extends Judgement {
  readonly path: readonly string[]
}

/**
 * Every difference of two values, judged by the nearest rule. Nothing that differs goes unsaid: where no rule has
 * anything to say, the difference is reported as such.
 */
export function findDifferences(before: unknown, after: unknown, rules: Rules, scene: Scene): readonly Found[] {
  if (same(before, after)) return []
  const { path } = scene
  const judged = (rules.judge?.(before, after, scene) ?? []).map((each) => ({
    ...each,
    path: [...path, ...(each.at ?? [])],
  }))
  if (judged.length > 0) return judged
  const [from, to] = [recordOf(before), recordOf(after)]
  const keys = [...new Set([...Object.keys(from ?? {}), ...Object.keys(to ?? {})])]
  if (from === undefined || to === undefined || keys.length === 0) return [plain(before, after, path)]
  const below = keys.flatMap((key) => {
    const next = own(rules.keys ?? {}, key) ?? rules.each ?? {}
    return findDifferences(own(from, key), own(to, key), next, { ...scene, path: [...path, key] })
  })
  return below.length > 0 ? below : [plain(before, after, path)]
}

/** What may be left out is compared like an empty one. */
function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (value === undefined) return {}
  return isRecord(value) ? value : undefined
}

function plain(before: unknown, after: unknown, path: readonly string[]): Found {
  const name = path.at(-1) ?? 'The contract'
  if (Array.isArray(before) && Array.isArray(after) && same(sorted(before), sorted(after))) {
    return { direction: 'changed', message: `The order of ${name} is another one.`, path }
  }
  const message = `The value of ${name} goes from ${shownValue(before)} to ${shownValue(after)}.`
  return { direction: 'changed', message, path }
}

function sorted(list: readonly unknown[]): readonly string[] {
  return list.map((each) => shownValue(each)).sort()
}

function same(before: unknown, after: unknown): boolean {
  if (before === undefined || after === undefined) return before === after
  return canonicalJson(before) === canonicalJson(after)
}

function own<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}
