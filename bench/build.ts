import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, type Options } from 'tsup'
import { commandLineOptions, libraryOptions } from '../tsup.config.js'

export type Library = typeof import('./library.js')

const root = fileURLToPath(new URL('..', import.meta.url))
const outDir = join(root, 'build', 'bench')

/** The built files that figures run in processes of their own. */
export const builtPackage = pathToFileURL(join(outDir, 'package', 'index.js')).href
export const builtCli = join(outDir, 'package', 'cli.js')
export const memoryProgram = program('memory')
export const memoryProbe = pathToFileURL(program('memory-probe')).href
export const mcpSelectProgram = program('mcp-select')
export const mcpEchoProgram = program('mcp-echo')
export const mcpSqlProgram = program('mcp-sql')

const PROGRAMS = ['memory', 'memory-probe', 'mcp-select', 'mcp-echo', 'mcp-sql']

/** Builds the package, and apart from it what the figures use of its inside, by the options it is published with. */
export async function buildAll(): Promise<Library> {
  const options = measured(libraryOptions)
  await build({ ...options, outDir: join(outDir, 'package') })
  await build({ ...measured(commandLineOptions), outDir: join(outDir, 'package') })
  await build({
    ...options,
    entry: { library: 'bench/library.ts', ...programEntries() },
    outDir: join(outDir, 'programs'),
  })
  return import(pathToFileURL(join(outDir, 'programs', 'library.js')).href)
}

function measured(published: Options): Options {
  return { ...published, config: false, dts: false, silent: true }
}

function program(name: string): string {
  return join(outDir, 'programs', `${name}.js`)
}

function programEntries(): Readonly<Record<string, string>> {
  return Object.fromEntries(PROGRAMS.map((name) => [name, `bench/programs/${name}.ts`]))
}
