import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, resolve } from 'node:path'
import { type Env, needEnv } from '../contract/need-env.js'
import type { ExecutorConfig } from '../contract/schema.js'
import type { CommandHandlerOptions } from './command-handler.js'
import { unavailable } from './unavailable.js'

export type CommandConfig = Extract<ExecutorConfig, { type: 'command_handler' }>

/** Beside what the contract names: what a program needs to find others, and to speak the same language. */
const GIVEN_ENV = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'SystemRoot'] as const

/**
 * What the environment says about a program of the app. It is started in `cwd`.
 *
 * @throws RunnerError `ENV_MISSING`, `EXECUTOR_UNAVAILABLE`.
 */
export function commandOptions(
  name: string,
  { command_env, pass_env = [], timeout_ms }: CommandConfig,
  { env, cwd }: { readonly env: Env; readonly cwd: string },
): CommandHandlerOptions {
  const [program = '', ...args] = parseCommand(name, command_env, needEnv(env, command_env))
  const given = [...GIVEN_ENV, ...pass_env].flatMap((variable) => {
    const value = env[variable]
    return value === undefined ? [] : [[variable, value] as const]
  })
  return { program, args, env: Object.fromEntries(given), cwd, timeout_ms }
}

/** A JSON array of program and arguments, or a single path. Never a shell line. */
function parseCommand(name: string, variable: string, text: string): readonly string[] {
  const parts: unknown = text.startsWith('[') ? parseJson(text) : [text]
  if (Array.isArray(parts) && parts.every(isArgument) && parts.length > 0 && parts[0] !== '') return parts
  throw unavailable(
    name,
    `${variable} does not hold a JSON array of a program and its arguments, or a single path.`,
    `Set ${variable} like this: ["node","writeback.mjs"].`,
  )
}

function isArgument(part: unknown): part is string {
  return typeof part === 'string' && !part.includes('\0')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether the program is there and may be started. Starts nothing. */
export function isStartable({ program, env, cwd }: CommandHandlerOptions): boolean {
  const places = /[/\\]/.test(program) ? [cwd] : (env.PATH ?? '').split(delimiter)
  return places.some((place) => isExecutable(resolve(place, program)))
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
