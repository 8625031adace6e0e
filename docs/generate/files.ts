import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type GeneratedFile, schemaFiles } from '../../schemas/files.js'
import { contractJsonSchema } from '../../src/contract/json-schema.js'
import { printedFor } from './adapter-pages.js'
import { apiSurface } from './api-surface.js'
import { commandLineReference } from './command-line.js'
import { contractReference } from './contract.js'
import { licencesPage } from './licences.js'
import { printedByPrograms } from './program-pages.js'
import { runExample } from './run-example.js'
import { fillBlocks } from './snippets.js'

/** The root of the project. */
export const projectRoot = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Every file that a program writes: schemas, samples, the references of contract and command line, the list of public names, the licences,
 * and the pages that show code, with their blocks filled from the examples, from what these print, from what each
 * framework shows to a model, and from what the command line and the server print.
 */
export async function generatedFiles(): Promise<readonly GeneratedFile[]> {
  return [
    ...schemaFiles(),
    { path: 'docs/contract.md', content: contractReference(contractJsonSchema()) },
    { path: 'docs/command-line.md', content: commandLineReference() },
    { path: 'docs/api-surface.txt', content: apiSurface(projectRoot) },
    { path: 'docs/dependency-licences.md', content: licencesPage(readText('package-lock.json')) },
    ...(await Promise.all(pages().map(fillPage))),
  ]
}

/** Every hand-written page of the project, from its root. */
export function pages(): readonly string[] {
  const generated = ['command-line.md', 'contract.md', 'dependency-licences.md']
  const docs = readdirSync(join(projectRoot, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md') && !generated.includes(path))
    .map((path) => `docs/${path.replaceAll('\\', '/')}`)
  return ['README.md', 'recipes/README.md', ...docs.sort()]
}

async function fillPage(path: string): Promise<GeneratedFile> {
  const blocks = new Map([...(await printedFor(path)), ...(await printedByPrograms(path))])
  const printed = (name: string) => {
    const block = blocks.get(name)
    if (block === undefined) throw new Error(`Nothing is printed as ${name} for ${path}.`)
    return block
  }
  return { path, content: await fillBlocks(readText(path), { readText, runExample, printed }) }
}

function readText(path: string): string {
  return readFileSync(join(projectRoot, path), 'utf8')
}
