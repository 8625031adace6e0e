import type { TableAssessment } from '../../onboarding/assessment.js'
import type { Engine } from '../../protocol/table.js'
import type { Inspection } from '../documents/inspection.js'
import { readJson } from '../files.js'
import type { Io } from '../io.js'
import { nonBlank } from '../non-blank.js'
import type { StartOptions } from './read-flags.js'

/** What the database says of its tables, and how that is known. */
export interface Catalogue {
  readonly engine: Engine
  readonly from: 'database' | 'file'
  readonly tables: readonly TableAssessment[]
  /** On MySQL the database of the connection: tables are looked for there unless said otherwise. */
  readonly home: string | null
  /** As a file says it. */
  readonly found_at: { readonly read_url_env?: string; readonly path?: string }
}

export type Place = Pick<StartOptions, 'engine' | 'from_env' | 'path' | 'inspection_json' | 'schema'>

/**
 * Asks the database through its reader, or reads what `inspect` printed. `undefined` where neither is there: then the
 * answers are taken as they are.
 *
 * @throws RunnerError `SOURCE_*` when the database cannot be asked: nothing is written on a guess.
 */
export async function readCatalogue(place: Place, io: Io): Promise<Catalogue | undefined> {
  if (place.inspection_json !== undefined) return fromFile(place.inspection_json, io)
  if (place.path === undefined && !isSet(place.from_env, io)) return undefined
  const { withReader } = await import('../open-source.js')
  const { assessSurvey } = await import('../../onboarding/assess-survey.js')
  const { path, from_env, schema } = place
  return withReader({ engine: place.engine ?? 'auto', path, from_env }, io, async ({ engine, driver }) => {
    const found = await driver.survey(schema === undefined || engine === 'sqlite' ? {} : { schema })
    // Where the schema is none, what there is helps to find the right one.
    const survey = found.tables.length === 0 ? await driver.survey({}) : found
    return { engine, from: 'database', tables: assessSurvey(survey), home: homeOf(survey), found_at: {} }
  })
}

/** Without a database the engine is what is said, what the file says, or unknown. */
export async function engineOf(place: Place, io: Io): Promise<Engine | undefined> {
  const { engine = 'auto', path, from_env } = place
  if (engine !== 'auto') return engine
  if (path === undefined && !isSet(from_env, io)) return undefined
  const { resolveEngine } = await import('../open-source.js')
  return resolveEngine({ engine, path, from_env }, io.env)
}

function isSet(name: string | undefined, { env }: Io): boolean {
  return name !== undefined && nonBlank(env[name]) !== undefined
}

async function fromFile(path: string, io: Io): Promise<Catalogue> {
  const { inspection } = await import('../documents/inspection.js')
  const { assertNoProblems, selectionProblem } = await import('../../onboarding/selection-problem.js')
  const { success, data, error } = inspection().safeParse(readJson(path, io))
  if (success) return toCatalogue(data)
  const problems = error.issues.map((issue) =>
    selectionProblem(issue.path.map(String), 'Give what inspect --json prints.'),
  )
  assertNoProblems(problems, path)
  return fromFile(path, io)
}

function toCatalogue(inspection: Inspection): Catalogue {
  const { engine, tables, from_env, path } = inspection
  const found_at = { ...(from_env === null ? {} : { read_url_env: from_env }), ...(path === null ? {} : { path }) }
  return { engine, from: 'file', tables, home: homeOf(inspection), found_at }
}

function homeOf({ engine, database }: Pick<Inspection, 'engine' | 'database'>): string | null {
  return engine === 'mysql' ? database : null
}
