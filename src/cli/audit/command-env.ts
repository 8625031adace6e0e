import { told } from '../../audit/words.js'
import { RunnerError } from '../../errors.js'
import { escapeUntrusted } from '../untrusted-text.js'
import { inheritedVariables } from './mcp-sdk.js'

/** What an audited command gets of the environment. */
export interface CommandEnv {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Further variables that it gets, by their names. */
  readonly pass_env: readonly string[]
}

/**
 * The environment of an audited command: what clients of MCP pass on, such as PATH and HOME, and what was named. The
 * credentials of the shell are none of its business.
 *
 * @param own - What the configuration of the client gives to it.
 * @throws RunnerError `ENV_MISSING` for a named variable that is not set.
 */
export async function commandEnv(
  { env, pass_env }: CommandEnv,
  own: Readonly<Record<string, string>> = {},
): Promise<NodeJS.ProcessEnv> {
  const names = await inheritedVariables()
  // A value that begins so is a function of a shell, which would be run by the next one.
  const inherited = names.flatMap((name) => pairOf(env, name)).filter(([, value]) => !value.startsWith('()'))
  const passed = pass_env.map((name) => {
    const [pair] = pairOf(env, name)
    if (pair === undefined) throw notSet(name)
    return pair
  })
  return Object.fromEntries([...inherited, ...passed, ...Object.entries(own)])
}

function pairOf(env: CommandEnv['env'], name: string): readonly [string, string][] {
  const value = Object.hasOwn(env, name) ? env[name] : undefined
  return value === undefined ? [] : [[name, value]]
}

/** A variable that was named, and is not there. */
export function notSet(name: string): RunnerError {
  return new RunnerError('ENV_MISSING', `The environment variable ${escapeUntrusted(told(name))} is not set.`, {
    details: { variable: told(name) },
  })
}
