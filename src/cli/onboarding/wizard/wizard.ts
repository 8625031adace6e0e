import { proposes } from '../../../onboarding/check-selection.js'
import type { PartialSelection } from '../../../onboarding/selection.js'
import type { Io } from '../../io.js'
import type { Catalogue } from '../read-catalogue.js'
import type { Asker } from './asker.js'
import { askChange } from './change.js'
import { askGuard, askScope } from './columns.js'
import { askNames } from './offline.js'
import { askPlace } from './place.js'
import { askReview } from './review.js'
import { askTable } from './table.js'

/** What a wizard came to, and what it was told by the database on the way. */
export interface Asked {
  readonly answers: PartialSelection
  readonly catalogue: Catalogue | undefined
}

interface Asking {
  readonly ask: Asker
  readonly io: Io
  readonly catalogue: Catalogue | undefined
  /** Looks for the database that was named. */
  readonly read: (placed: PartialSelection) => Promise<Catalogue | undefined>
}

/** Asks for everything that was not said. The answers are a selection like any other. */
export async function runWizard(said: PartialSelection, { ask, io, catalogue, read }: Asking): Promise<Asked> {
  const placed = catalogue === undefined ? await askPlace(said, ask, io) : said
  const known = catalogue ?? (await read(placed))
  const scoped = known === undefined ? await askNames(placed, ask) : await askAll(placed, known, ask)
  return { answers: await askReview(scoped, ask), catalogue: known }
}

async function askAll(said: PartialSelection, { tables, engine }: Catalogue, ask: Asker): Promise<PartialSelection> {
  const table = await askTable(said, tables, ask)
  for (const { message } of table.notes) ask.note(message)
  const scoped = await askScope({ ...said, engine }, table, ask)
  const changed = await askChange(scoped, table, ask)
  return proposes(changed) ? askGuard(changed, table, ask) : changed
}
