import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { projectRoot } from '../../../docs/generate/files.js'

export interface Ran {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program with Node.js as a user would, with TypeScript understood. */
export async function runNode(
  args: readonly string[],
  options: { cwd: string; env?: NodeJS.ProcessEnv },
): Promise<Ran> {
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), ...args], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [exitCode, stdout, stderr] = await Promise.all([exit, text(child.stdout), text(child.stderr)])
  return { exitCode, stdout, stderr }
}

/** Runs the text of a program, byte for byte, in an empty folder where `@synapsor/runner` is installed. */
export async function runAsUser(program: string): Promise<Ran> {
  const folder = mkdtempSync(join(tmpdir(), 'synapsor-readme-'))
  try {
    installInto(folder)
    writeFileSync(join(folder, 'program.mjs'), program)
    return await runNode(['program.mjs'], { cwd: folder })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A package of the real name that gives the sources, so that nothing has to be built first. */
function installInto(folder: string): void {
  const modules = join(folder, 'node_modules')
  const runner = join(modules, '@synapsor', 'runner')
  mkdirSync(runner, { recursive: true })
  writeFileSync(join(runner, 'package.json'), JSON.stringify({ type: 'module', exports: './index.js' }))
  const sources = pathToFileURL(join(projectRoot, 'src', 'index.ts')).href
  writeFileSync(join(runner, 'index.js'), `export * from ${JSON.stringify(sources)}\n`)
  symlinkSync(join(projectRoot, 'node_modules', '@photostructure'), join(modules, '@photostructure'))
}
