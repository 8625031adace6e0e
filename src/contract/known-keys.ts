import * as z from 'zod'
import type { Path } from './problems.js'

type AnySchema = z.core.$ZodType

function isWrapper(schema: AnySchema): schema is z.ZodExactOptional | z.ZodDefault | z.ZodPrefault {
  return schema instanceof z.ZodExactOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault
}

function below(schema: AnySchema, key: string | number): AnySchema[] {
  if (isWrapper(schema)) return below(schema.unwrap(), key)
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => below(option, key))
  if (schema instanceof z.ZodArray) return [schema.element]
  if (schema instanceof z.ZodRecord) return [schema.valueType]
  if (!(schema instanceof z.ZodObject)) return []
  const value = schema.shape[key]
  return value === undefined ? [] : [value]
}

function keysOf(schema: AnySchema): string[] {
  if (isWrapper(schema)) return keysOf(schema.unwrap())
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(keysOf)
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
}

/** What may stand under `key` where one of `schemas` stands. */
export function schemasBelow(schemas: readonly AnySchema[], key: string | number): AnySchema[] {
  return schemas.flatMap((one) => below(one, key))
}

/** The keys that the format gives an object where one of `schemas` stands; none that its writer chooses. */
export function ownKeys(schemas: readonly AnySchema[]): readonly string[] {
  return schemas.flatMap(keysOf)
}

function schemasAt(schema: AnySchema, path: Path): AnySchema[] {
  return path.reduce<AnySchema[]>(schemasBelow, [schema])
}

/** The keys that some form of the object at `path` may have. */
export function knownKeys(schema: AnySchema, path: Path): readonly string[] {
  return [...new Set(schemasAt(schema, path).flatMap(keysOf))]
}

/** What the key at `path` is for, as the schema describes it. */
export function describedAt(schema: AnySchema, path: Path): string | undefined {
  return schemasAt(schema, path)
    .map((one) => z.globalRegistry.get(one)?.description)
    .find((description) => description !== undefined)
}
