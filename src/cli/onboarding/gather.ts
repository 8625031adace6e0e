/** From flags, files, the catalogue and a person to one selection: whichever way, the same one. */
import { envName } from '../../contract/names.js'
import type { TableAssessment } from '../../onboarding/assessment.js'
import type { PartialSelection, Selection } from '../../onboarding/selection.js'
import { suggestOffline } from '../../onboarding/suggest-offline.js'
import type { Engine } from '../../protocol/table.js'
import type { Io } from '../io.js'
import { usageError } from '../usage-error.js'
import { inFlags } from './in-flags.js'
import { type Catalogue, engineOf, type Place, readCatalogue } from './read-catalogue.js'
import type { InitOptions } from './read-flags.js'
import { pathFor, placeOf, saidSoFar } from './said.js'
import type { Asked } from './wizard/wizard.js'

/** The answers, all of them, and what the database says of the table. */
export interface Gathered {
  readonly selection: Selection
  readonly catalogue: Catalogue | undefined
  readonly assessment: TableAssessment | undefined
}

/**
 * Gathers the answers. Asks a person where something is missing and one sits there.
 *
 * @throws RunnerError `CONFIG_INVALID` with every problem of the answers. A usage error where answers are missing and
 * nobody can be asked: it names the flags.
 */
export async function gather(options: InitOptions, io: Io): Promise<Gathered> {
  const said = saidSoFar(options, io)
  const place = placeOf(options, said, io)
  const catalogue = await readCatalogue(place, io)
  const known =
    catalogue === undefined ? await withEngine(said, place, io) : withPlace(said, catalogue, { options, io })
  const completed = await complete(known, { options, catalogue, io })
  const { examineSelection, parseSelection } = await import('../../onboarding/parse-selection.js')
  const { assertNoProblems } = await import('../../onboarding/selection-problem.js')
  assertNoProblems(inFlags(examineSelection(completed.answers).problems, options))
  return hold(parseSelection(completed.answers), completed.catalogue)
}

async function withEngine(said: PartialSelection, place: Place, io: Io): Promise<PartialSelection> {
  const engine = said.engine ?? (await engineOf(place, io))
  return engine === undefined ? said : { ...said, engine }
}

/** What was looked at says which engine it is, where it lies, and which of its schemas is meant. */
function withPlace(
  said: PartialSelection,
  { engine, home, found_at }: Catalogue,
  { options, io }: Pick<Completing, 'options' | 'io'>,
): PartialSelection {
  if (said.engine !== undefined && said.engine !== engine) {
    throw usageError(`What was looked at is ${engine}, and ${said.engine} is asked for.`, 'Leave --engine out.')
  }
  const { path, read_url_env } = found_at
  const place = said.path !== undefined || said.read_url_env !== undefined || said.database_url_env !== undefined
  return {
    ...(home === null ? {} : { schema: home }),
    ...(place || path === undefined ? {} : { path: pathFor(path, options, io) }),
    ...(place || read_url_env === undefined ? {} : { read_url_env }),
    ...said,
    engine,
  }
}

interface Completing {
  readonly options: InitOptions
  readonly catalogue: Catalogue | undefined
  readonly io: Io
}

async function complete(said: PartialSelection, completing: Completing): Promise<Asked> {
  const { options, catalogue, io } = completing
  const wizard = options.wizard === true
  if (wizard && !canAsk(options, io)) throw usageError('Nobody can be asked.', 'Run --wizard at a terminal.')
  if (!wizard && options.yes === true && catalogue !== undefined) {
    const { suggestAll } = await import('../../onboarding/suggest-all.js')
    return { answers: suggestAll(said, catalogue.tables), catalogue }
  }
  const answers = suggestOffline(said)
  const missing = missingFlags(answers)
  if (!wizard && missing.length === 0) return { answers, catalogue }
  if (canAsk(options, io)) return askPerson(said, completing)
  throw usageError(
    'Something is not said yet, and nobody can be asked.',
    `Give ${missing.join(', ')}. ${insteadOf(said, catalogue)}`.trim(),
  )
}

function insteadOf({ read_url_env }: PartialSelection, catalogue: Catalogue | undefined): string {
  if (catalogue !== undefined) return 'Or --yes, to take what the catalogue suggests.'
  const isName = envName().safeParse(read_url_env).success
  return isName ? `The database was not asked: ${read_url_env} is not set.` : ''
}

async function askPerson(said: PartialSelection, { options, catalogue, io }: Completing): Promise<Asked> {
  const { runWizard } = await import('./wizard/wizard.js')
  const ask = io.asker?.() ?? (await import('./wizard/terminal.js')).terminalAsker()
  const read = (placed: PartialSelection) => readCatalogue(placeOf(options, placed, io), io)
  return runWizard(said, { ask, io, catalogue, read })
}

function canAsk({ non_interactive, yes }: InitOptions, { interactive }: Io): boolean {
  return interactive && non_interactive !== true && yes !== true
}

/** What stands in no suggestion that could be made without the database. */
function missingFlags(said: PartialSelection): readonly string[] {
  const engines: readonly (Engine | undefined)[] = ['postgres', 'mysql', 'sqlite']
  return [
    ...(engines.includes(said.engine) ? [] : ['--engine']),
    ...(said.engine === 'sqlite' && said.path === undefined ? ['--path'] : []),
    ...(said.engine === 'mysql' && said.schema === undefined ? ['--schema'] : []),
    ...(said.table === undefined ? ['--table'] : []),
    ...(said.primary_key === undefined ? ['--primary-key'] : []),
    ...(said.tenant_key === undefined && said.single_tenant_dev !== true
      ? ['--tenant-key (or --single-tenant-dev)']
      : []),
    ...(said.visible_columns === undefined ? ['--visible-columns'] : []),
  ]
}

/** Refuses what the database does not have, and fits fixed values to what their columns hold. */
async function hold(selection: Selection, catalogue: Catalogue | undefined): Promise<Gathered> {
  if (catalogue === undefined) return { selection, catalogue, assessment: undefined }
  const { checkTable } = await import('../../onboarding/check-table.js')
  const { assertNoProblems } = await import('../../onboarding/selection-problem.js')
  const { fitFixed } = await import('../../onboarding/fit-fixed.js')
  const { problems, assessment } = checkTable(selection, catalogue.tables)
  assertNoProblems(problems)
  const fitting = assessment === undefined ? selection : fitFixed(selection, assessment.table)
  return { selection: fitting, catalogue, assessment }
}
