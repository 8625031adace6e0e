import type { SurveyedTable } from '../drivers/survey.js'
import type { Selection } from './selection.js'

/** A flag does not say whether `0` is a number or a text: the column does. */
export function fitFixed(selection: Selection, { columns }: SurveyedTable): Selection {
  if (selection.patch === undefined) return selection
  const kinds = new Map(columns.map(({ name, kind }) => [name, kind]))
  const patch = Object.entries(selection.patch).map(([column, value]) => {
    const isText = ['text', 'enum'].includes(kinds.get(column) ?? '')
    if (!isText || !('fixed' in value) || value.fixed === null) return [column, value] as const
    return [column, { fixed: String(value.fixed) }] as const
  })
  return { ...selection, patch: Object.fromEntries(patch) }
}
