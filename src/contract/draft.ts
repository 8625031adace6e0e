import type { z } from 'zod'
import { pathOf, valueAt } from './issues.js'
import type { Path } from './problems.js'
import type { configSchema } from './schema.js'
import { isRecord } from './snapshot.js'

type Partly<Value> = Value extends readonly (infer Item)[]
  ? readonly (Partly<Item> | undefined)[]
  : Value extends object
    ? { readonly [Key in keyof Value]?: Partly<Value[Key]> | undefined }
    : Value

/** A contract in which everything that is there has the right shape, and anything may be missing. */
export type Draft = Partly<z.input<ReturnType<typeof configSchema>>>
export type DraftCapability = NonNullable<NonNullable<Draft['capabilities']>[number]>
export type DraftProposal = Extract<DraftCapability, { readonly kind?: 'proposal' | undefined }>
export type DraftArgument = NonNullable<NonNullable<DraftCapability['args']>[string]>
export type DraftSource = NonNullable<NonNullable<Draft['sources']>[string]>
type DraftServer = Extract<DraftSource, { readonly engine?: 'postgres' | 'mysql' | undefined }>
type DraftPatchValue = NonNullable<NonNullable<DraftProposal['patch']>[string]>

/** Narrows a source to one on a database server. */
export function isServer(source: DraftSource): source is DraftServer {
  return source.engine === 'postgres' || source.engine === 'mysql'
}

/** The argument that a patched value comes from. */
export function argumentOf(value: DraftPatchValue): string | undefined {
  return 'from_arg' in value ? value.from_arg : undefined
}

/** `record[key]`, own properties only: names such as `toString` are allowed in a contract. */
export function own<Value>(
  record: { readonly [key: string]: Value } | undefined,
  key: string | undefined,
): Value | undefined {
  return record !== undefined && key !== undefined && Object.hasOwn(record, key) ? record[key] : undefined
}

/** The entries of a map that have a value. */
export function entriesOf<Value>(record: { readonly [key: string]: Value | undefined } | undefined): [string, Value][] {
  return Object.entries(record ?? {}).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]))
}

/** The items of a list that have a value, with their places in the list. */
export function itemsOf<Value>(list: readonly (Value | undefined)[] | undefined): [number, Value][] {
  return (list ?? []).flatMap((value, index) => (value === undefined ? [] : [[index, value]]))
}

function remove(tree: unknown, path: Path): void {
  const parent = valueAt(tree, path.slice(0, -1))
  const key = path.at(-1)
  // Items keep their places, so that the paths of later problems stay true.
  if (Array.isArray(parent) && typeof key === 'number') parent[key] = undefined
  else if (isRecord(parent) && key !== undefined) delete parent[key]
}

function removalsFor(issue: z.core.$ZodIssue): Path[] {
  const path = pathOf(issue)
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => [...path, key])
  // Without its tag an object was not looked into at all.
  if (issue.code === 'invalid_union' && issue.discriminator !== undefined) return [path.slice(0, -1)]
  return [path]
}

/**
 * Takes everything out of a copy of `tree` that the schema found fault with, so that the rules can look at the rest.
 * That is what makes one validation find all problems, of shape and of meaning, together.
 */
export function draftOf(tree: unknown, issues: readonly z.core.$ZodIssue[]): Draft {
  const rest: unknown = issues.length === 0 ? tree : structuredClone(tree)
  if (!isRecord(rest)) return {}
  for (const path of issues.flatMap(removalsFor)) remove(rest, path)
  // The schema has looked at every value, and what it refused is gone.
  return rest as Draft
}
