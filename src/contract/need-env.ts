import { RunnerError } from '../errors.js'

/** The only place where the variables that a contract names are looked up. */
export type Env = Readonly<Record<string, string | undefined>>

/** @throws RunnerError `ENV_MISSING` for a variable that is not set, or blank. */
export function needEnv(env: Env, name: string): string {
  const value = env[name]?.trim()
  if (value !== undefined && value !== '') return value
  throw new RunnerError('ENV_MISSING', `Environment variable ${name} is not set.`, { details: { env: name } })
}
