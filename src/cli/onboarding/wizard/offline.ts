import type { PartialSelection } from '../../../onboarding/selection.js'
import { given } from '../../given.js'
import { namesIn } from '../flag-values.js'
import type { Asker } from './asker.js'
import { checkFilled, checkIdentifier } from './checks.js'

/** The same questions for a database that cannot be asked: names are typed, and nothing is checked against it. */
export async function askNames(said: PartialSelection, ask: Asker): Promise<PartialSelection> {
  ask.note('The database cannot be asked, as its variable is not set: what you type is not checked against it.')
  const name = (message: string, initial: string) => ask.text({ message, initial, check: checkIdentifier })
  const list = async (message: string, initial: string) =>
    namesIn([await ask.text({ message, initial, ...(initial === '' ? {} : { check: checkFilled }) })]) ?? []
  const schema = said.engine === 'sqlite' ? undefined : (said.schema ?? (await name('Which schema?', 'public')))
  const table = said.table ?? (await name('Which table?', 'invoices'))
  const primary_key = said.primary_key ?? (await name('Which column names one row?', 'id'))
  const tenant_key =
    said.single_tenant_dev === true
      ? undefined
      : (said.tenant_key ?? (await name('Which column holds the tenant?', 'tenant_id')))
  const visible_columns =
    said.visible_columns ?? (await list('Which columns may the model see, with commas between?', primary_key))
  const allowed = said.patch === undefined ? (said.allowed_columns ?? (await list(ALLOWED, ''))) : undefined
  const isChange = said.patch !== undefined || (allowed ?? []).length > 0
  const guard = isChange ? await askGuard(said, ask) : {}
  return given({
    ...said,
    schema,
    table,
    primary_key,
    tenant_key,
    visible_columns,
    allowed_columns: said.allowed_columns ?? (isChange ? allowed : undefined),
    ...guard,
  })
}

const ALLOWED = 'Which columns may be proposed to change, with commas between? Empty for none.'

async function askGuard(said: PartialSelection, ask: Asker): Promise<PartialSelection> {
  if (said.conflict_column !== undefined || said.weak_guard_ack === true) return {}
  const message = 'Which column shows that a row has changed? Empty to compare every reviewed column, which is weaker.'
  const conflict_column = (await ask.text({ message, initial: '' })).trim()
  return conflict_column === '' ? { weak_guard_ack: true } : { conflict_column }
}
