import stringWidth from 'fast-string-width'
import { escapeUntrusted } from '../untrusted-text.js'

/** One column of a table. */
export interface Column<Row> {
  readonly title: string
  /** What stands in the cell. Escaped here. */
  readonly value: (row: Row) => string
  /**
   * Where the table is too wide: `whole` columns stay as they are, `cut` ones lose their ends, `drop` ones are left out,
   * the last first.
   *
   * @defaultValue `whole`
   */
  readonly narrow?: 'whole' | 'cut' | 'drop'
  readonly align?: 'right'
  /** Colours the padded cell. */
  readonly paint?: (cell: string, row: Row) => string
}

const GAP = '  '

/** The least that is left of a cut column. */
const SHORTEST = 16

/** Whether a table finds room within so many columns with nothing cut or left out. */
export function fits<Row>(rows: readonly Row[], columns: readonly Column<Row>[], width: number): boolean {
  const cells = rows.map((row) => columns.map(({ value }) => escapeUntrusted(value(row))))
  return total(naturalWidths(columns, cells)) <= width
}

/** Rows under titles, aligned, within so many columns. */
export function renderTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[], width: number): string {
  const cells = (shown: readonly Column<Row>[]) =>
    rows.map((row) => shown.map(({ value }) => escapeUntrusted(value(row))))
  const shown = fitting(columns, cells(columns), width)
  const texts = cells(shown)
  const widths = cutTo(shown, naturalWidths(shown, texts), width)
  const lines = texts.map((line, place) => {
    const row = rows[place]
    return row === undefined ? '' : renderLine(line, shown, widths, (text, { paint }) => paint?.(text, row) ?? text)
  })
  const titles = renderLine(
    shown.map(({ title }) => title),
    shown,
    widths,
    (text) => text,
  )
  return [titles, ...lines].join('\n')
}

function naturalWidths<Row>(columns: readonly Column<Row>[], cells: readonly (readonly string[])[]): number[] {
  return columns.map(({ title }, place) =>
    Math.max(stringWidth(title), ...cells.map((line) => stringWidth(line[place] ?? ''))),
  )
}

/** The columns that hold anything and find room, if cut ones give what they can. */
function fitting<Row>(columns: readonly Column<Row>[], cells: readonly (readonly string[])[], width: number) {
  const widths = naturalWidths(columns, cells)
  const least = columns.map(({ narrow }, place) =>
    narrow === 'cut' ? Math.min(widths[place] ?? 0, SHORTEST) : (widths[place] ?? 0),
  )
  const left = new Set([...columns.keys()].filter((place) => cells.some((line) => line[place] !== '')))
  while (total([...left].map((place) => least[place] ?? 0)) > width) {
    const last = [...left].findLast((place) => columns[place]?.narrow === 'drop')
    if (last === undefined) break
    left.delete(last)
  }
  return columns.filter((_, place) => left.has(place))
}

function cutTo<Row>(columns: readonly Column<Row>[], natural: readonly number[], width: number): readonly number[] {
  const widths = [...natural]
  for (let over = total(widths) - width; over > 0; over -= 1) {
    const widest = widestCut(columns, widths)
    if (widest === undefined) break
    widths[widest] = (widths[widest] ?? 0) - 1
  }
  return widths
}

function widestCut<Row>(columns: readonly Column<Row>[], widths: readonly number[]): number | undefined {
  const places = [...columns.keys()].filter(
    (place) => columns[place]?.narrow === 'cut' && (widths[place] ?? 0) > SHORTEST,
  )
  return places.reduce<number | undefined>(
    (widest, place) => (widest === undefined || (widths[place] ?? 0) > (widths[widest] ?? 0) ? place : widest),
    undefined,
  )
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, each) => sum + each, 0) + GAP.length * Math.max(0, widths.length - 1)
}

function renderLine<Row>(
  texts: readonly string[],
  columns: readonly Column<Row>[],
  widths: readonly number[],
  paint: (text: string, column: Column<Row>) => string,
): string {
  return columns
    .map((column, place) =>
      paint(pad(cut(texts[place] ?? '', widths[place] ?? 0), widths[place] ?? 0, column.align), column),
    )
    .join(GAP)
    .trimEnd()
}

function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text
  let kept = ''
  for (const character of text) {
    if (stringWidth(kept) + stringWidth(character) > width - 1) break
    kept += character
  }
  return `${kept}…`
}

export function pad(text: string, width: number, align?: 'right'): string {
  const blanks = ' '.repeat(Math.max(0, width - stringWidth(text)))
  return align === 'right' ? blanks + text : text + blanks
}
