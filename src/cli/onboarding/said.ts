import { dirname, isAbsolute, relative, resolve } from 'node:path'
import { examineSelection, shapeProblems } from '../../onboarding/parse-selection.js'
import type { PartialSelection } from '../../onboarding/selection.js'
import { assertNoProblems } from '../../onboarding/selection-problem.js'
import { suggestOffline } from '../../onboarding/suggest-offline.js'
import { readJson } from '../files.js'
import type { Io } from '../io.js'
import { usageError } from '../usage-error.js'
import type { Place } from './read-catalogue.js'
import { type InitOptions, readFlags } from './read-flags.js'
import { STARTER } from './starter.js'

/**
 * What flags and files say: the starter, then the file, then the flags; what comes later counts.
 *
 * @throws RunnerError `CONFIG_INVALID` for what has the wrong shape, before any database is asked.
 */
export function saidSoFar(options: InitOptions, io: Io): PartialSelection {
  const spec = options.spec === undefined ? {} : readSpec(options.spec, io)
  const engine = options.engine === 'auto' ? undefined : options.engine
  const isElsewhere = options.from_env !== undefined || options.path !== undefined
  const starter = options.starter === true && !isElsewhere ? STARTER : {}
  const flags = readFlags(options, engine)
  const place = flags.path === undefined ? {} : { path: pathFor(flags.path, options, io) }
  const said = { ...starter, ...spec, ...flags, ...place }
  const problems = shapeProblems(said)
  // A file is read as a whole: whoever wrote it learns of everything at once.
  if (problems.length > 0 && options.spec !== undefined)
    assertNoProblems(examineSelection(suggestOffline(said)).problems)
  assertNoProblems(problems)
  return said
}

/** Of any shape yet: it is held against the schema together with the flags. */
function readSpec(path: string, io: Io): PartialSelection {
  const value = readJson(path, io)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw usageError(`${path} holds no object.`, 'Give the answers as one JSON object, as --save-selection writes them.')
}

/** A flag is relative to the current folder, a contract to its own. */
export function pathFor(path: string, options: Pick<InitOptions, 'output'>, io: Io): string {
  if (path.includes('://')) {
    throw usageError('A URL is given where a file belongs.', 'Name a variable: --from-env NAME.')
  }
  return isAbsolute(path) ? path : relative(folderOf(options, io), resolve(io.cwd, path))
}

function folderOf({ output }: Pick<InitOptions, 'output'>, { cwd }: Io): string {
  return output === undefined ? cwd : dirname(resolve(cwd, output))
}

/** Where the answers say that the database is. */
export function placeOf(options: InitOptions, said: PartialSelection, io: Io): Place {
  const { engine, schema, read_url_env, database_url_env } = said
  const path = said.path === undefined ? undefined : resolve(folderOf(options, io), said.path)
  return { engine, path, from_env: read_url_env ?? database_url_env, schema, inspection_json: options.inspection_json }
}
