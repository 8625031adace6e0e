import * as z from 'zod'
import { ownKeys, schemasBelow } from './known-keys.js'
import { configSchema } from './schema.js'
import { asksForSecret, namesSecret, namesVariable, showsSecret } from './secret-names.js'
import { isRecord, takeSnapshot } from './snapshot.js'

const MASK = '[redacted]'

type Schemas = readonly z.core.$ZodType[]

/** Where a value stands. */
interface Place {
  /** What the format knows of it: nothing where the key was made up. */
  readonly schemas: Schemas
  /** It has a name that its writer chose, of something secret: a column, an argument. */
  readonly isNamedSecret: boolean
  /** Everything below is masked. */
  readonly isSecret: boolean
  /** The host's own: a literal tenant or principal, options of a client. Texts and numbers below are masked. */
  readonly isLiteral: boolean
}

function redact(value: unknown, place: Place): unknown {
  if (Array.isArray(value)) return value.map((item, index) => redact(item, placeOfItem(value, index, place)))
  if (isRecord(value)) {
    const from = value.provider === 'static_dev' ? { ...place, isLiteral: true } : place
    const shown = Object.entries(value).map(([key, inner]) => [
      showsSecret(key) ? MASK : key,
      redact(inner, placeOfKey(key, inner, from)),
    ])
    return Object.fromEntries(shown)
  }
  return value !== null && isMasked(value, place) ? MASK : value
}

function isMasked(scalar: unknown, { isSecret, isLiteral }: Place): boolean {
  if (isSecret || (isLiteral && typeof scalar !== 'boolean')) return true
  return typeof scalar === 'string' && showsSecret(scalar)
}

function placeOfItem(list: readonly unknown[], index: number, place: Place): Place {
  const isSecret = place.isSecret || asksForSecret(list[index - 1])
  return { ...place, isSecret, schemas: schemasBelow(place.schemas, index) }
}

function placeOfKey(key: string, value: unknown, place: Place): Place {
  const schemas = schemasBelow(place.schemas, key)
  const isOwn = ownKeys(place.schemas).includes(key)
  return {
    schemas,
    isNamedSecret: !isOwn && namesSecret(key),
    isSecret: place.isSecret || (place.isNamedSecret && key === 'fixed') || isSecretKey(key, value, { schemas, isOwn }),
    isLiteral: (place.isLiteral && key !== 'provider') || schemas.some(isOpaque),
  }
}

const ENV_NAME = /^[A-Z_][A-Z0-9_]*$/

/** By its name, unless the format says that something else stands there. */
function isSecretKey(key: string, value: unknown, { schemas, isOwn }: { schemas: Schemas; isOwn: boolean }): boolean {
  // Whoever pastes a secret where its variable should be named is helped by no rule for names.
  if (namesVariable(key)) return typeof value === 'string' && !ENV_NAME.test(value)
  if (!namesSecret(key)) return false
  if (schemas.length === 0) return true
  const isPart = typeof value === 'object'
  return !isPart && !(isOwn && ownKeys(schemas).length === 0)
}

/** Places whose values are the host's own and unknown to the format. */
function isOpaque(schema: z.core.$ZodType): boolean {
  if (schema instanceof z.ZodExactOptional) return isOpaque(schema.unwrap())
  return schema instanceof z.ZodRecord && schema.valueType instanceof z.ZodUnknown
}

/**
 * A plain copy that may be shown: names of environment variables are kept, literal tenants and principals and whatever
 * looks like a secret, by its name or by itself, are masked. Takes an invalid contract, too, and never throws.
 */
export function redactConfig(config: unknown): unknown {
  const place = { schemas: [configSchema()], isNamedSecret: false, isSecret: false, isLiteral: false }
  return redact(takeSnapshot(config).tree, place)
}
