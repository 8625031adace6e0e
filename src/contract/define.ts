import type { Exact } from './infer.js'
import type { Config } from './schema.js'

/**
 * Declares a contract in TypeScript. Names, arguments, enumerations and visible columns are kept as literal types, so
 * that the runner made from it checks calls at compile time; a misspelled key does not compile.
 *
 * Returns `config` as it is. `createRunner` and {@link parseConfig} validate it.
 */
export function defineConfig<const C extends Config>(config: C & Exact<Config, C>): C {
  return config
}
