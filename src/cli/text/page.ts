import type { View } from '../command.js'
import { type Column, renderTable } from './table.js'

/** One page of a list under titles, and how to see the next. `none` is said where there is nothing. */
export function renderPage<Row>(
  page: { readonly items: readonly Row[]; readonly next_cursor: string | null },
  columns: readonly Column<Row>[],
  { none, view }: { readonly none: string; readonly view: View },
): string {
  const more = page.next_cursor === null ? undefined : `There is more: --cursor ${page.next_cursor}`
  if (page.items.length === 0) return more === undefined ? none : `None among those that were looked at. ${more}`
  const table = renderTable(page.items, columns, view.columns)
  return more === undefined ? table : `${table}\n\n${more}`
}
