/** JSON Schema 2020-12, as far as tools use it: what every provider and every framework understands. */
import type { ArgumentRule } from '../capability/arguments.js'
import type { Capability } from '../capability/capability.js'
import type { JsonScalar } from '../protocol/values.js'

type TypeName = 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null'

/** The subset: no conditions, no references, no combinations. */
export interface JsonSchema {
  readonly type?: TypeName | readonly TypeName[]
  readonly description?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | JsonSchema
  readonly items?: JsonSchema
  readonly enum?: readonly JsonScalar[]
  readonly minimum?: number
  readonly maximum?: number
  readonly maxLength?: number
  readonly pattern?: string
}

/** The schema of an object, as tools take their arguments. */
export interface ObjectSchema extends JsonSchema {
  readonly type: 'object'
  readonly properties: Readonly<Record<string, JsonSchema>>
  readonly required: readonly string[]
  readonly additionalProperties: boolean
}

/** An object with these properties and no others. Those in `optional` may be left out. */
export function objectSchema(
  properties: Readonly<Record<string, JsonSchema>>,
  optional: readonly string[] = [],
): ObjectSchema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name))
  return { type: 'object', properties, required, additionalProperties: false }
}

/** What a capability takes. A description for hosts and models: the core checks each call by itself. */
export function inputSchema({ args }: Pick<Capability, 'args'>): ObjectSchema {
  const optional = [...args].flatMap(([name, rule]) => (rule.required ? [] : [name]))
  return objectSchema(Object.fromEntries([...args].map(([name, rule]) => [name, argumentSchema(rule)])), optional)
}

function argumentSchema(rule: ArgumentRule): JsonSchema {
  const { type, description, max_length, minimum, maximum, enum: values, pattern } = rule
  return {
    type,
    ...(description === undefined ? {} : { description }),
    ...(values === undefined ? {} : { enum: values }),
    ...(max_length === undefined ? {} : { maxLength: max_length }),
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
    ...(pattern === undefined ? {} : { pattern: pattern.source }),
  }
}
