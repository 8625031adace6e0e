import { RunnerError } from '../../errors.js'
import type { Output } from '../command.js'
import type { Io } from '../io.js'
import { nonBlank } from '../non-blank.js'
import { usageError } from '../usage-error.js'
import type { InitOptions, StartOptions } from './read-flags.js'
import { runOnboarding } from './run.js'

/** It starts from a database that is there: nothing of it goes on without one. */
export async function runStart(options: StartOptions, io: Io): Promise<Output> {
  const { from_env, path, inspection_json } = options
  if (from_env === undefined && path === undefined && inspection_json === undefined) {
    const next =
      'Put its URL into an environment variable and name that: --from-env DATABASE_URL. For SQLite: --path FILE.'
    throw usageError('It is not said which database to start from.', next)
  }
  if (from_env !== undefined && inspection_json === undefined) assertSet(from_env, io)
  const all: InitOptions = { ...options, spec: undefined, wizard: undefined, starter: undefined }
  return runOnboarding(all, { guided: true }, io)
}

function assertSet(name: string, { env }: Io): void {
  if (nonBlank(env[name]) !== undefined) return
  if (!/^[A-Z_][A-Z0-9_]*$/.test(name)) {
    // It may be a URL with a password, so that none of it is said again.
    const next = 'Put the URL into an environment variable and name that: --from-env DATABASE_URL.'
    throw usageError('What is given as the name of an environment variable is none.', next)
  }
  throw new RunnerError('ENV_MISSING', `Environment variable ${name} is not set.`, { details: { env: name } })
}
