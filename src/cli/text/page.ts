import type { View } from '../command.js'
import { type Column, renderTable } from './table.js'

/** One page of a list under titles, and how to see the next. `none` is said where there is nothing. */
export function renderPage<Row>(
  page: { readonly items: readonly Row[]; readonly next_cursor: string | null },
  columns: readonly Column<Row>[],
  { none, view }: { readonly none: string; readonly view: View },
): string {
  if (page.items.length === 0) return none
  const table = renderTable(page.items, columns, view.columns)
  return page.next_cursor === null ? table : `${table}\n\nThere is more: --cursor ${page.next_cursor}`
}
