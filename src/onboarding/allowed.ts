/** What a rule lets a column hold, NULL apart, which every check lets through that does not speak of it. */
import { Decimal } from 'decimal.js'

export interface Allowed {
  /** Inclusive, in plain digits. */
  readonly minimum?: string
  readonly maximum?: string
  readonly values?: readonly string[]
  /** In characters. */
  readonly max_length?: number
  /** Nothing but NULL: a branch that adds no value. */
  readonly is_null?: true
}

/** By the name of the column. A column that is not in it may hold anything. */
export type AllowedColumns = ReadonlyMap<string, Allowed>

/** Both rules hold. */
export function both(left: AllowedColumns, right: AllowedColumns): AllowedColumns {
  const merged = new Map(left)
  for (const [column, allowed] of right) {
    const earlier = merged.get(column)
    merged.set(column, earlier === undefined ? allowed : intersect(earlier, allowed))
  }
  return merged
}

/** One of the rules holds, so that only what each of them says of a column is known of it. */
export function either(left: AllowedColumns, right: AllowedColumns): AllowedColumns {
  const merged = new Map<string, Allowed>()
  for (const [column, allowed] of left) {
    const other = right.get(column)
    const joined = other === undefined ? {} : unite(allowed, other)
    if (Object.keys(joined).length > 0) merged.set(column, joined)
  }
  return merged
}

function intersect(a: Allowed, b: Allowed): Allowed {
  if (a.is_null || b.is_null) return { is_null: true }
  const minimum = pick(a.minimum, b.minimum, (left, right) => left.gte(right))
  const maximum = pick(a.maximum, b.maximum, (left, right) => left.lte(right))
  const values = a.values && b.values ? a.values.filter((each) => b.values?.includes(each)) : (a.values ?? b.values)
  const lengths = [a.max_length, b.max_length].filter((each) => each !== undefined)
  return compact({ minimum, maximum, values, max_length: lengths.length === 0 ? undefined : Math.min(...lengths) })
}

function unite(a: Allowed, b: Allowed): Allowed {
  if (a.is_null) return b
  if (b.is_null) return a
  const whole = a.minimum !== undefined && b.minimum !== undefined
  const minimum = whole ? pick(a.minimum, b.minimum, (left, right) => left.lte(right)) : undefined
  const bounded = a.maximum !== undefined && b.maximum !== undefined
  const maximum = bounded ? pick(a.maximum, b.maximum, (left, right) => left.gte(right)) : undefined
  const values = a.values && b.values ? [...new Set([...a.values, ...b.values])] : undefined
  const measured = a.max_length !== undefined && b.max_length !== undefined
  const max_length = measured ? Math.max(a.max_length ?? 0, b.max_length ?? 0) : undefined
  return compact({ minimum, maximum, values, max_length })
}

function pick(a: string | undefined, b: string | undefined, isFirst: (left: Decimal, right: Decimal) => boolean) {
  if (a === undefined || b === undefined) return a ?? b
  return isFirst(new Decimal(a), new Decimal(b)) ? a : b
}

interface Loose {
  readonly minimum: string | undefined
  readonly maximum: string | undefined
  readonly values: readonly string[] | undefined
  readonly max_length: number | undefined
}

function compact({ minimum, maximum, values, max_length }: Loose): Allowed {
  return {
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
    ...(values === undefined ? {} : { values }),
    ...(max_length === undefined ? {} : { max_length }),
  }
}
