import * as z from 'zod'
import { DOCUMENTS, errorDocument } from '../src/cli/documents/index.js'
import { ERROR_CODES } from '../src/errors.js'
import { type JsonSchema, PUBLISHED_OBJECTS } from './objects.js'

/** The JSON Schema (2020-12) of what each command prints with `--json`: under `$defs`, by the command's name. */
export function commandLineSchema(): JsonSchema {
  const documents = Object.entries({ ...DOCUMENTS, error: errorDocument })
  const objects = Object.entries(PUBLISHED_OBJECTS).map(([name, { schema }]) => [name, schema] as const)
  const defined = [...documents, ...objects].map(([name, schema]) => [name, render(schema)])
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'https://schemas.synapsor.ai/synapsor.cli.v1.schema.json',
    title: 'What the commands of synapsor-runner print with --json, by their names; error where one fails',
    $defs: Object.fromEntries(defined),
  }
}

function render(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === 'custom') Object.assign(jsonSchema, ERROR_CODE)
      if (NAMES.get(zodSchema) !== NAMES.get(schema)) refer(jsonSchema, NAMES.get(zodSchema))
    },
  })
  return rest
}

const ERROR_CODE = { type: 'string', enum: Object.keys(ERROR_CODES) }

/** Objects of the protocol stand once in the document. */
const NAMES = new Map<unknown, string>(Object.entries(PUBLISHED_OBJECTS).map(([name, { schema }]) => [schema, name]))

function refer(jsonSchema: JsonSchema, name: string | undefined): void {
  if (name === undefined) return
  for (const key of Object.keys(jsonSchema)) delete jsonSchema[key]
  jsonSchema.$ref = `#/$defs/${name}`
}
