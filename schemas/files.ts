import { createHash } from 'node:crypto'
import { contractJsonSchema } from '../src/contract/json-schema.js'
import { commandLineSchema } from './command-line.js'
import { objectSchema, PUBLISHED_OBJECTS } from './objects.js'
import { SAMPLES } from './samples.js'

/** A file that is written by a program and never by hand. */
export interface GeneratedFile {
  /** From the root of the project, with slashes. */
  readonly path: string
  readonly content: string
}

/** The JSON Schemas, their samples, and the manifest that pins the bytes of both. */
export function schemaFiles(): readonly GeneratedFile[] {
  const { $schema, ...contract } = contractJsonSchema()
  const contractSchema = { $schema, $id: 'https://schemas.synapsor.ai/synapsor.runner.schema.json', ...contract }
  const files = [
    jsonFile('schemas/synapsor.runner.schema.json', contractSchema),
    jsonFile('schemas/synapsor.cli.v1.schema.json', commandLineSchema()),
    ...Object.entries(PUBLISHED_OBJECTS).map(([name, object]) =>
      jsonFile(`schemas/${name}.schema.json`, objectSchema(name, object)),
    ),
    ...Object.entries(SAMPLES).map(([name, { value }]) => jsonFile(`schemas/samples/${name}`, value)),
  ].sort((a, b) => (a.path < b.path ? -1 : 1))
  return [...files, jsonFile('schemas/MANIFEST.json', manifest(files))]
}

function manifest(files: readonly GeneratedFile[]): unknown {
  const entries = files.map(({ path, content }) => [
    path.replace('schemas/', ''),
    `sha256:${createHash('sha256').update(content).digest('hex')}`,
  ])
  return { algorithm: 'sha256', files: Object.fromEntries(entries) }
}

function jsonFile(path: string, value: unknown): GeneratedFile {
  return { path, content: `${JSON.stringify(value, null, 2)}\n` }
}
