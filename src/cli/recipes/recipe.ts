import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { loadConfig, readContract } from '../../contract/load.js'
import { suggest } from '../../contract/suggest.js'
import type { ParsedConfig } from '../../index.js'
import type { Io } from '../io.js'
import { usageError } from '../usage-error.js'
import { recipesFolder } from './package-folder.js'

/** A contract to begin with. */
export interface Recipe {
  readonly name: string
  readonly file: string
  readonly text: string
  readonly config: ParsedConfig
  /** The table that it needs, as SQL; `null` where none lies beside it. */
  readonly sql: string | null
}

const ENDING = '.json'

/** Names of the recipes of this package, sorted. */
export function recipeNames(): readonly string[] {
  return readdirSync(recipesFolder())
    .filter((file) => file.endsWith(ENDING))
    .map((file) => basename(file, ENDING))
    .sort()
}

/**
 * The recipe of this name, or the one in this file.
 *
 * @throws RunnerError `CONFIG_INVALID` for a file that holds no contract. A usage error where there is neither.
 */
export function loadRecipe(given: string, { cwd }: Io): Recipe {
  const names = recipeNames()
  if (names.includes(given)) return read(given, join(recipesFolder(), `${given}${ENDING}`))
  const file = resolve(cwd, given)
  if (existsSync(file)) return read(basename(file, ENDING), file)
  const nearest = suggest(given, names)
  const next = nearest === undefined ? `There is: ${names.join(', ')}.` : `Did you mean ${nearest}?`
  throw usageError('There is no recipe of this name, and no such file.', next)
}

function read(name: string, file: string): Recipe {
  const sql = file.endsWith(ENDING) ? `${file.slice(0, -ENDING.length)}.sql` : `${file}.sql`
  return {
    name,
    file,
    text: readContract(file),
    config: loadConfig(file),
    sql: existsSync(sql) ? readFileSync(sql, 'utf8') : null,
  }
}
