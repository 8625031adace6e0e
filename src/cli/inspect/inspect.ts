/** Surveys one database and assesses what it finds. */
import type { DatabaseSurvey, SurveyedTable } from '../../drivers/survey.js'
import { isRunnerError, RunnerError } from '../../errors.js'
import { assessSurvey } from '../../onboarding/assess-survey.js'
import type { Inspection } from '../documents/inspection.js'
import type { Io } from '../io.js'
import { type OpenReader, type ReaderSource, withReader } from '../open-source.js'

interface Wanted {
  readonly schema: string | undefined
  /** `orders`, or `sales.orders`. */
  readonly table: string | undefined
}

/** When a person is told that it takes its time. */
const PATIENCE_MS = 2000

/**
 * @throws RunnerError `NOT_FOUND` where the credential is shown no table, or not the one that is wanted; `ENV_MISSING`,
 * `SOURCE_*` where the database cannot be asked.
 */
export async function inspect(given: ReaderSource, { schema, table }: Wanted, io: Io): Promise<Inspection> {
  const patience = setTimeout(() => io.err('Still reading the catalogue…\n'), PATIENCE_MS)
  try {
    const survey = await withReader(given, io, (reader) => surveyOf(reader, schema))
    const tables = table === undefined ? survey.tables : [findTable(survey, table)]
    return {
      schema_version: 'synapsor.inspection.v1',
      engine: survey.engine,
      server: survey.server,
      database: survey.database,
      from_env: given.path === undefined ? (given.from_env ?? null) : null,
      path: given.path ?? null,
      schema: schema ?? null,
      tables: assessSurvey({ ...survey, tables }),
    }
  } catch (error) {
    throw isRunnerError(error) ? withRemedy(error) : error
  } finally {
    clearTimeout(patience)
  }
}

async function surveyOf({ driver, name, engine }: OpenReader, schema: string | undefined): Promise<DatabaseSurvey> {
  const survey = await driver.survey(schema === undefined ? {} : { schema })
  if (survey.tables.length > 0) return survey
  const where = schema === undefined ? name : `schema ${schema} of ${name}`
  throw new RunnerError('NOT_FOUND', `There is no table in ${where}, or none that this credential is shown.`, {
    details: { source: name, ...(schema === undefined ? {} : { schema }) },
    next:
      engine === 'mysql'
        ? 'MySQL shows a table to those alone who have a right on it: grant select to this user, or check the schema.'
        : 'Check that the URL names the right database, and the spelling of the schema.',
  })
}

function findTable({ tables }: DatabaseSurvey, wanted: string): SurveyedTable {
  const qualified = tables.filter(({ schema, table }) => `${schema}.${table}` === wanted)
  const found = qualified.length > 0 ? qualified : tables.filter(({ table }) => table === wanted)
  const [only] = found
  if (only !== undefined && found.length === 1) return only
  if (only === undefined) {
    throw new RunnerError('NOT_FOUND', 'There is no such table, or this credential is not shown it.', {
      next: nearest(tables, wanted),
    })
  }
  const schemas = found.map(({ schema }) => `${schema}.${wanted}`).join(', ')
  throw new RunnerError('NOT_FOUND', 'Several schemas have a table of this name.', { next: `Give one of ${schemas}.` })
}

function nearest(tables: readonly SurveyedTable[], wanted: string): string {
  const folded = tables.find(({ table }) => table.toLowerCase() === wanted.toLowerCase())
  return folded === undefined ? 'Leave --table out to list what there is.' : `Did you mean ${folded.table}?`
}

/** There is no contract yet, so that what mends it is said in terms of this command. */
const REMEDIES: Readonly<Partial<Record<string, string>>> = {
  SOURCE_AUTH: 'Check user and password of the URL in the variable, and whether the server lets them in from here.',
  SOURCE_FORBIDDEN: 'Let this user connect, and grant it select on the tables that agents should read.',
  SOURCE_TLS:
    'Put the path of the authority certificate into a variable and name it: --ca-env DATABASE_CA. A URL with sslmode=no-verify trusts whoever answers: for a disposable PostgreSQL only.',
  BUSY: 'Wait a little and inspect again, or give --schema.',
}

function withRemedy(error: RunnerError): RunnerError {
  const next = REMEDIES[error.code]
  if (next === undefined) return error
  const { source: _, ...details } = error.details
  return new RunnerError(error.code, error.message, { details, next, cause: error })
}
