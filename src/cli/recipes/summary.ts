import type { ParsedConfig } from '../../index.js'
import type { Recipe } from './recipe.js'

/** What a recipe is about, in a few fields. */
export interface RecipeSummary {
  readonly name: string
  readonly engine: string
  readonly table: string
  readonly capabilities: readonly string[]
  readonly visible_columns: readonly string[]
  readonly allowed_columns: readonly string[]
  /** Each in words: `late_fee_cents 0..10000`, `status open -> pending_review, needs_human`. */
  readonly limits: readonly string[]
  readonly role: string | null
}

type Capability = ParsedConfig['capabilities'][number]
type Proposal = Extract<Capability, { kind: 'proposal' }>

export function summaryOf({ name, config: { sources, capabilities } }: Pick<Recipe, 'name' | 'config'>): RecipeSummary {
  const [first] = capabilities
  const proposals = capabilities.filter((each) => each.kind === 'proposal')
  return {
    name,
    engine: (first === undefined ? undefined : sources[first.source]?.engine) ?? '',
    table: first === undefined ? '' : [first.target.schema, first.target.table].filter(Boolean).join('.'),
    capabilities: capabilities.map((each) => each.name),
    visible_columns: [...new Set(capabilities.flatMap((each) => each.visible_columns))],
    allowed_columns: [...new Set(proposals.flatMap((each) => each.allowed_columns))],
    limits: proposals.flatMap(limitsOf),
    role: proposals.find(({ approval }) => approval.required_role)?.approval.required_role ?? null,
  }
}

function limitsOf({ patch, numeric_bounds = {}, transition_guards = {} }: Proposal): readonly string[] {
  return [
    ...Object.entries(patch).flatMap(([column, value]) =>
      'fixed' in value ? [`${column} is set to ${JSON.stringify(value.fixed)}`] : [],
    ),
    ...Object.entries(numeric_bounds).map(
      ([column, { minimum = '', maximum = '' }]) => `${column} ${minimum}..${maximum}`,
    ),
    ...Object.entries(transition_guards).flatMap(([column, { allowed }]) =>
      Object.entries(allowed).map(([from, following]) => `${column} ${from} -> ${following.join(', ')}`),
    ),
  ]
}
