/** Dates and times as text, exact to the microsecond: nothing here goes through a clock, a locale or a time zone. */
import type { ColumnInfo } from './dialect.js'
import type { Spelled } from './values.js'

interface MomentRules {
  /** `utc`: an instant, which needs an offset to be one. `none`: a wall-clock time, which must have none. */
  readonly zone: 'utc' | 'none'
  readonly suffix: string
  readonly trims_fraction: boolean
}

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/
const MOMENT = /^(\d{4}-\d\d-\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d(?::?\d\d)?)?$/
const MINUTE = 60_000
const DAY = 86_400_000

/** `YYYY-MM-DD` of a day that exists. */
export function dateText(column: ColumnInfo, value: string | number | boolean): Spelled {
  if (typeof value !== 'string' || dayOf(value) === undefined) return { why: 'It must be a date, YYYY-MM-DD.' }
  return inRange(column, value) ? { text: value } : { why: 'It is outside the range of the column.' }
}

/** `YYYY-MM-DD HH:MM:SS` with the fraction of the column; an instant is moved to UTC. */
export function momentText(column: ColumnInfo, value: string | number | boolean, rules: MomentRules): Spelled {
  const match = typeof value === 'string' ? MOMENT.exec(value) : null
  const [, date = '', hour = '', minute = '', second = '', fraction = '', offset] = match ?? []
  const day = dayOf(date)
  const shift = offsetOf(offset)
  const isTime = Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60
  if (day === undefined || shift === undefined || !isTime) return { why: 'It must be a date and time, in RFC 3339.' }

  const needsOffset = rules.zone === 'utc' && rules.suffix !== ''
  if (needsOffset && offset === undefined) return { why: 'It needs an offset, such as Z.' }
  if (rules.zone === 'none' && offset !== undefined) return { why: 'The column holds a time without an offset.' }

  const digits = fraction.replace(/0+$/, '')
  const kept = column.fraction_digits ?? 6
  if (digits.length > kept) return { why: `The column keeps ${kept} digits of a second.` }

  const time = (Number(hour) * 60 + Number(minute)) * MINUTE + Number(second) * 1000
  const base = secondsText(day + time - shift)
  if (base === undefined || !inRange(column, base)) return { why: 'It is outside the range of the column.' }
  const shown = rules.trims_fraction ? digits : digits.padEnd(kept, '0')
  return { text: `${base}${shown === '' ? '' : `.${shown}`}${rules.suffix}` }
}

/** Milliseconds since 1970 of the start of a day, `undefined` for a day that does not exist. */
function dayOf(text: string): number | undefined {
  const [year, month, day] = (DATE.exec(text) ?? []).slice(1).map(Number)
  if (year === undefined || month === undefined || day === undefined || year < 1) return undefined
  const date = new Date(0)
  // Date.UTC would take the year 26 for 1926.
  date.setUTCFullYear(year, month - 1, day)
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : undefined
}

function offsetOf(offset: string | undefined): number | undefined {
  if (offset === undefined || offset === 'Z') return 0
  const hours = Number(offset.slice(1, 3))
  const minutes = Number(offset.slice(3).replace(':', ''))
  if (hours > 15 || minutes > 59) return undefined
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * MINUTE
}

function secondsText(milliseconds: number): string | undefined {
  const text = new Date(milliseconds).toISOString()
  const isFourDigitYear = /^\d{4}-/.test(text) && milliseconds >= FIRST_YEAR
  return isFourDigitYear ? text.slice(0, 19).replace('T', ' ') : undefined
}

const FIRST_YEAR = -719_162 * DAY

/** Texts of one layout sort as the times they stand for. */
function inRange({ minimum, maximum }: ColumnInfo, text: string): boolean {
  return (minimum === undefined || text >= minimum) && (maximum === undefined || text <= maximum)
}
