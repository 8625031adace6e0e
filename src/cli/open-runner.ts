import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { RunnerError } from '../errors.js'
import type { ParsedConfig, Runner } from '../index.js'
import { given } from './given.js'
import type { Io } from './io.js'
import { nonBlank } from './non-blank.js'
import { usageError } from './usage-error.js'

/** What `--config`, `--runner` and `--store` say. */
export interface Place {
  readonly config: string | undefined
  readonly runner: string | undefined
  readonly store: string | undefined
  /** How long to wait for a ledger that another process is writing; the library's own time where it is not said. */
  readonly ledger_timeout_ms?: number | undefined
}

/** A contract and the runner of it, each opened when it is asked for, once. */
export interface Opened {
  readonly config_path: string | undefined
  contract(): Promise<ParsedConfig>
  runner(): Promise<Runner>
  close(): Promise<void>
}

const DEFAULT_CONFIG = 'synapsor.runner.json'

/** Where the contract is: as it is given, else where the environment says, else where it usually is. */
export function contractPath(given: string | undefined, { cwd, env }: Io): string {
  return resolve(cwd, given ?? nonBlank(env.SYNAPSOR_CONFIG) ?? DEFAULT_CONFIG)
}

export function openLazily(place: Place, io: Io): Opened {
  assertOnePlace(place)
  const config_path = place.runner === undefined ? contractPath(place.config, io) : undefined
  let loaded: Promise<ParsedConfig> | undefined
  let opened: Promise<Runner> | undefined
  const runner = () => {
    opened ??= config_path === undefined ? importRunner(place.runner ?? '', io) : makeRunner(contract, place, io)
    return opened
  }
  const contract = () => {
    loaded ??= config_path === undefined ? runner().then(({ config }) => config) : load(config_path, io)
    return loaded
  }
  return {
    config_path,
    contract,
    runner,
    close: async () => {
      const each = await opened?.catch(() => undefined)
      await each?.close()
    },
  }
}

function assertOnePlace({ config, runner, store }: Place): void {
  if (runner === undefined) return
  const other = config === undefined ? store && '--store' : '--config'
  if (other === undefined) return
  throw usageError(
    `A runner of your own has its contract and ledger already: ${other} does not go with --runner.`,
    `Leave ${other} out.`,
  )
}

async function load(path: string, { env }: Io): Promise<ParsedConfig> {
  if (!existsSync(path)) assertNoDirectDatabase(env)
  const { loadConfig } = await import('../index.js')
  return loadConfig(path)
}

/** Older releases wrote to a database that these named, without a contract. */
function assertNoDirectDatabase(env: Io['env']): void {
  const name = ['SYNAPSOR_DATABASE_URL', 'SYNAPSOR_ENGINE'].find((each) => nonBlank(env[each]) !== undefined)
  if (name === undefined) return
  throw new RunnerError('CONFIG_INVALID', `${name} is set, but there is no contract: nothing is written without one.`, {
    details: { env: name, errors: [] },
    next: 'Write a contract whose source names the variable in write_url_env, and give it with --config.',
  })
}

async function makeRunner(
  contract: () => Promise<ParsedConfig>,
  { store, ledger_timeout_ms }: Place,
  io: Io,
): Promise<Runner> {
  const { createRunner } = await import('../index.js')
  const { env, cwd } = io
  const named = store ?? nonBlank(env.SYNAPSOR_LOCAL_STORE) ?? nonBlank(env.SYNAPSOR_STORE)
  return createRunner(await contract(), {
    ...io.runtime,
    env,
    ...given({ ledger: named === undefined ? undefined : resolve(cwd, named), ledger_timeout_ms }),
    logger: {
      info: (message, details) => log(io, 'info', message, details),
      warn: (message, details) => log(io, 'warn', message, details),
    },
  })
}

function log(io: Io, level: string, message: string, details: Readonly<Record<string, unknown>> | undefined): void {
  io.err(`synapsor-runner ${level}: ${message}${details === undefined ? '' : ` ${JSON.stringify(details)}`}\n`)
}

/** A module of the app whose default export is a runner: needed where functions are involved. */
async function importRunner(path: string, { cwd }: Io): Promise<Runner> {
  const file = resolve(cwd, path)
  const module = await importModule(file)
  const runner: unknown =
    typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined
  if (isRunner(runner)) return runner
  throw new RunnerError('CONFIG_INVALID', `The module ${file} has no runner as its default export.`, {
    details: { file, errors: [] },
    next: 'End it with: export default createRunner(config, { … }).',
  })
}

async function importModule(file: string): Promise<unknown> {
  try {
    return await import(pathToFileURL(file).href)
  } catch (cause) {
    throw new RunnerError('CONFIG_INVALID', `The module ${file} could not be loaded: ${wordsOf(cause)}`, {
      details: { file, errors: [] },
      next: 'Give --runner the path of a JavaScript module that Node.js can import.',
      cause,
    })
  }
}

/** The module is the operator's own: what its loading says is for them. */
function wordsOf(cause: unknown): string {
  const [first = ''] = String(cause instanceof Error ? cause.message : cause).split('\n')
  return first.slice(0, 300)
}

function isRunner(value: unknown): value is Runner {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['session', 'apply', 'replay', 'close'].every((verb) => verb in value)
  )
}
