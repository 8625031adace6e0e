import type { Env } from '../contract/need-env.js'
import type { ExecutorConfig, ParsedConfig } from '../contract/schema.js'
import { isRunnerError, type RunnerError } from '../errors.js'
import { commandHandler } from './command-handler.js'
import { commandOptions, isStartable } from './command-options.js'
import type { AppExecutor, Probe } from './executor.js'
import { type ExecutorFunction, functionExecutor } from './function.js'
import { type HttpHandler, httpHandler } from './http-handler.js'
import { type HttpConfig, httpOptions } from './http-options.js'
import { unavailable, unreachable } from './unavailable.js'

/** The executors of the contract that belong to the app, each opened when it is first needed. */
export interface Executors {
  /**
   * The executor of this name.
   *
   * @throws RunnerError `EXECUTOR_UNAVAILABLE` where it is not one of the app's, or what it needs is not as it should be;
   * `ENV_MISSING`.
   */
  open(name: string): AppExecutor
  /** Whether it could deliver. Delivers nothing. */
  probe(name: string): Promise<Probe>
  close(): void
}

export interface ExecutorsOptions {
  readonly config: ParsedConfig
  readonly env: Env
  readonly functions: Readonly<Record<string, ExecutorFunction | undefined>>
  /** Programs are started there. */
  readonly base_dir: string
}

export function createExecutors(options: ExecutorsOptions): Executors {
  const opened = new Map<string, AppExecutor>()
  const handlers: HttpHandler[] = []
  return {
    open: (name) => {
      const known = opened.get(name)
      if (known !== undefined) return known
      const executor = openExecutor(options, name, handlers)
      opened.set(name, executor)
      return executor
    },
    probe: (name) => probe(options, name),
    close: () => {
      for (const handler of handlers) handler.close()
    },
  }
}

function openExecutor(options: ExecutorsOptions, name: string, handlers: HttpHandler[]): AppExecutor {
  const { env, functions, base_dir } = options
  const config = findExecutor(options, name)
  switch (config.type) {
    case 'http_handler': {
      const handler = httpHandler(httpOptions(name, config, env))
      handlers.push(handler)
      return handler
    }
    case 'command_handler':
      return commandHandler(commandOptions(name, config, { env, cwd: base_dir }))
    case 'function':
      return functionExecutor(findFunction(functions, name), config.timeout_ms)
    case 'sql_update':
      throw unavailable(name, `Executor ${name} is direct SQL, which the runner performs itself.`)
  }
}

function findExecutor({ config: { executors } }: ExecutorsOptions, name: string): ExecutorConfig {
  const config = Object.hasOwn(executors, name) ? executors[name] : undefined
  if (config !== undefined) return config
  throw unavailable(name, `The contract has no executor ${name}.`)
}

function findFunction(functions: ExecutorsOptions['functions'], name: string): ExecutorFunction {
  const run = Object.hasOwn(functions, name) ? functions[name] : undefined
  if (run !== undefined) return run
  throw unavailable(name, `No function is given for the executor ${name}.`, `Give it in runtime.executors.${name}.`)
}

async function probe(options: ExecutorsOptions, name: string): Promise<Probe> {
  const { env, functions, base_dir } = options
  try {
    const config = findExecutor(options, name)
    if (config.type === 'http_handler') return await probeHttp(name, config, env)
    if (config.type === 'function') findFunction(functions, name)
    if (config.type !== 'command_handler') return FINE
    const command = commandOptions(name, config, { env, cwd: base_dir })
    return isStartable(command) ? FINE : failed(unreachable(name, 'not_executable'))
  } catch (error) {
    if (isRunnerError(error)) return failed(error)
    throw error
  }
}

const FINE: Probe = { ok: true }

/** A person waits for it. */
const LONGEST_PROBE_MS = 3000

async function probeHttp(name: string, config: HttpConfig, env: Env): Promise<Probe> {
  const options = httpOptions(name, config, env)
  const handler = httpHandler({ ...options, timeout_ms: Math.min(options.timeout_ms, LONGEST_PROBE_MS) })
  try {
    const reason = await handler.reach()
    return reason === undefined ? FINE : failed(unreachable(name, reason))
  } finally {
    handler.close()
  }
}

function failed({ code, message, next }: RunnerError): Probe {
  return { ok: false, code, message, next }
}
