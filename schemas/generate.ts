/** Writes every generated file of the project: JSON Schemas, samples, reference pages, snippets and listings. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generatedFiles } from '../docs/generate/files.js'

const root = fileURLToPath(new URL('..', import.meta.url))

for (const { path, content } of await generatedFiles()) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), content)
}
