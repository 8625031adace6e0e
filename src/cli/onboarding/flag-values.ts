/** What flags of several parts say. */
import { shown } from '../../contract/suggest.js'
import type { Selection } from '../../onboarding/selection.js'
import { usageError } from '../usage-error.js'

type Patch = NonNullable<Selection['patch']>
type PatchValue = Patch[string]
type Bounds = NonNullable<Selection['numeric_bounds']>
type Guards = NonNullable<Selection['transition_guards']>

/** Names with commas between, in one flag or in several. */
export function namesIn(values: readonly string[] | undefined): readonly string[] | undefined {
  return values?.flatMap((value) => value.split(',').map((name) => name.trim())).filter((name) => name !== '')
}

interface PatchFlags {
  readonly patch: readonly string[] | undefined
  readonly patch_fixed: readonly string[] | undefined
  readonly patch_from_arg: readonly string[] | undefined
}

/**
 * The patch, in the order in which its columns are named.
 *
 * @throws UsageError for a part that is none, and for a column that is named twice.
 */
export function patchOf({ patch = [], patch_fixed = [], patch_from_arg = [] }: PatchFlags): Patch | undefined {
  const parts: readonly (readonly [string, PatchValue])[] = [
    ...patch.flatMap((value) => value.split(NEXT_PART)).map(patchPart),
    ...patch_fixed.map((value) => {
      const [column, rest] = pair(value, '--patch-fixed late_fee_cents=0')
      return [column, { fixed: scalarOf(rest) }] as const
    }),
    ...patch_from_arg.map((value) => {
      const [column, rest] = pair(value, '--patch-from-arg waiver_reason=reason')
      return [column, { from_arg: rest }] as const
    }),
  ]
  return parts.length === 0 ? undefined : record(parts, 'patched')
}

/** A fixed value may hold a comma; the next part begins with a column. */
const NEXT_PART = /,(?=\s*\w+=(?:fixed|arg):)/

function patchPart(part: string): readonly [string, PatchValue] {
  const [column, rest] = pair(part.trim(), PATCH_EXAMPLE)
  if (rest.startsWith('fixed:')) return [column, { fixed: scalarOf(rest.slice('fixed:'.length)) }]
  if (rest.startsWith('arg:')) return [column, { from_arg: rest.slice('arg:'.length) }]
  throw usageError(`What is proposed for ${shown(column)} is neither fixed nor an argument.`, `Write ${PATCH_EXAMPLE}.`)
}

const PATCH_EXAMPLE = '--patch late_fee_cents=fixed:0,waiver_reason=arg:reason'

/** A number, true, false and null are what JSON says they are, where they are written just so; all else is text. */
function scalarOf(text: string): string | number | boolean | null {
  const literals: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null }
  if (Object.hasOwn(literals, text)) return literals[text] ?? null
  return String(Number(text)) === text && Number.isFinite(Number(text)) ? Number(text) : text
}

/** @throws UsageError for a limit that is no number. */
export function boundsOf(values: readonly string[] | undefined): Bounds | undefined {
  if (values === undefined) return undefined
  const bounds = values.map((value) => {
    const [column, rest] = pair(value, BOUND_EXAMPLE)
    const [minimum, maximum, ...more] = rest.split(':')
    if (maximum === undefined || more.length > 0) throw badBound(column)
    return [column, { ...limit('minimum', minimum, column), ...limit('maximum', maximum, column) }] as const
  })
  return record(bounds, 'bounded')
}

const BOUND_EXAMPLE = '--numeric-bound late_fee_cents=0:10000'

function limit(name: 'minimum' | 'maximum', text: string | undefined, column: string) {
  if (text === undefined || text === '') return {}
  if (!/^-?\d+(\.\d+)?$/.test(text)) throw badBound(column)
  return { [name]: Number(text) }
}

function badBound(column: string) {
  return usageError(
    `The limits of ${shown(column)} are no numbers.`,
    `Write ${BOUND_EXAMPLE}; one of them may be empty.`,
  )
}

/** @throws UsageError for what is no list of changes. */
export function guardsOf(values: readonly string[] | undefined): Guards | undefined {
  if (values === undefined) return undefined
  const guards = values.map((value) => {
    const [column, rest] = pair(value, GUARD_EXAMPLE)
    const allowed = new Map<string, string[]>()
    for (const change of rest.split(';').filter((each) => each.trim() !== '')) {
      const [from = '', following, ...more] = change.split(':').map((each) => each.trim())
      const states = (following ?? '').split(/[,|]/).map((each) => each.trim())
      if (more.length > 0 || states.includes('')) {
        throw usageError(`The changes of ${shown(column)} cannot be read.`, `Write ${GUARD_EXAMPLE}.`)
      }
      allowed.set(from, [...(allowed.get(from) ?? []), ...states])
    }
    return [column, { allowed: Object.fromEntries(allowed) }] as const
  })
  return record(guards, 'guarded')
}

const GUARD_EXAMPLE = '--transition-guard "status=open:pending,closed;pending:closed"'

function pair(value: string, example: string): readonly [string, string] {
  const at = value.indexOf('=')
  if (at > 0) return [value.slice(0, at).trim(), value.slice(at + 1)]
  throw usageError(`${shown(value)} names no column and value.`, `Write ${example}.`)
}

function record<Value>(parts: readonly (readonly [string, Value])[], verb: string): Readonly<Record<string, Value>> {
  const names = parts.map(([name]) => name)
  const twice = names.find((name, place) => names.indexOf(name) !== place)
  if (twice !== undefined) throw usageError(`The column ${shown(twice)} is ${verb} twice.`, 'Name each column once.')
  return Object.fromEntries(parts)
}
