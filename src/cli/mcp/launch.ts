import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ParsedConfig } from '../../index.js'
import { variablesNamedIn } from '../../operations/doctor-variables.js'
import type { Launch } from './clients.js'

interface LaunchOptions {
  readonly cwd: string
  readonly config_path: string
  /** A file of `NAME=value` lines, read when the server starts. */
  readonly dotenv?: string | undefined
  readonly adapter?: string | undefined
}

/**
 * Starts this same program with absolute paths: clients start servers in folders and with search paths of their own.
 */
export function launchOf({ cwd, config_path, dotenv, adapter }: LaunchOptions): Launch {
  const program = realpathSync(process.argv[1] ?? fileURLToPath(import.meta.url))
  return {
    command: process.execPath,
    args: [
      ...process.execArgv,
      ...(dotenv === undefined ? [] : [`--env-file=${resolve(cwd, dotenv)}`]),
      program,
      'mcp',
      'serve',
      '--config',
      config_path,
      ...(adapter === undefined ? [] : ['--adapter', adapter]),
    ],
  }
}

/** Variables that a serving process needs: of what reads, and of who calls. A writer's credential is not for it. */
export function variablesToServe(contract: ParsedConfig): readonly string[] {
  const read = variablesNamedIn(contract).filter(({ path }) => {
    if (path[0] === 'sources') return path.at(-1) === 'read_url_env'
    return path[0] === 'trusted_context' || path[0] === 'contexts'
  })
  return [...new Set(read.map(({ variable }) => variable))]
}
