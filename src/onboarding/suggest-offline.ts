import type { PartialSelection } from './selection.js'
import { namespaceOf } from './suggest-selection.js'

/** What can be said of a table that nobody has looked at. */
export function suggestOffline(said: PartialSelection): PartialSelection {
  const { table, engine } = said
  return {
    ...(engine === 'postgres' ? { schema: 'public' } : {}),
    ...(typeof table === 'string' && table !== '' ? { namespace: namespaceOf(table) } : {}),
    ...said,
  }
}
