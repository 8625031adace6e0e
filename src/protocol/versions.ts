/** How a version that is a date and time moves on, as text. */

import { RunnerError } from '../errors.js'

const MOMENT = /^(\d{4}-\d\d-\d\d)([T ])(\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)?$/

/** A date, or a time to whatever precision. */
const DATE_OR_TIME = /^\d{4}-\d\d-\d\d(?:[T ]\d\d[\d:.]*(?:Z|[+-]\d\d:?\d\d)?)?$/

/**
 * A later time in the form of the one before: same separator, digits and offset. Now, or one unit of the last digit
 * after `before` where that is not in the past.
 *
 * @param now - Microseconds since 1970.
 * @returns `undefined` when `before` is not a date and time.
 */
export function laterMoment(before: string, now: bigint): string | undefined {
  const [, date, separator = '', time, fraction = '', offset = ''] = MOMENT.exec(before) ?? []
  const seconds = date === undefined ? Number.NaN : Date.parse(`${date}T${time}Z`) / 1000
  if (!Number.isSafeInteger(seconds)) return undefined

  const unitsPerSecond = 10n ** BigInt(fraction.length)
  const shifted = now + BigInt(offsetSeconds(offset)) * 1_000_000n
  const present = (shifted * unitsPerSecond) / 1_000_000n
  const next = BigInt(seconds) * unitsPerSecond + BigInt(fraction === '' ? 0 : fraction) + 1n
  return momentText(present > next ? present : next, { separator, digits: fraction.length, offset })
}

/**
 * Refuses a version that is a date, or a time that does not go down to the microsecond: two writes can share it.
 *
 * @throws RunnerError `PRECONDITION_FAILED`.
 */
export function assertFineMoment(column: string, text: string): void {
  const [, , , , fraction = ''] = MOMENT.exec(text) ?? []
  if (!DATE_OR_TIME.test(text) || fraction.length >= 6) return
  throw new RunnerError('PRECONDITION_FAILED', `The version column ${column} is coarser than a microsecond.`, {
    details: { column },
    next: 'Write times with six digits of a second into it, use an integer, or set weak_guard_ack.',
  })
}

/** How two times of one form follow each other, whatever their offsets. `undefined` when either is no time. */
export function isLaterMoment(before: string, after: string): boolean | undefined {
  const [earlier, later] = [nanoseconds(before), nanoseconds(after)]
  return earlier === undefined || later === undefined ? undefined : later > earlier
}

function nanoseconds(text: string): bigint | undefined {
  const [, date, , time, fraction = '', offset = ''] = MOMENT.exec(text) ?? []
  const milliseconds = date === undefined ? Number.NaN : Date.parse(`${date}T${time}Z`)
  if (!Number.isSafeInteger(milliseconds)) return undefined
  return BigInt(milliseconds - offsetSeconds(offset) * 1000) * 1_000_000n + BigInt(fraction.padEnd(9, '0'))
}

function offsetSeconds(offset: string): number {
  if (offset === '' || offset === 'Z') return 0
  const [hours = 0, minutes = 0] = offset.slice(1).split(':').map(Number)
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60
}

interface MomentForm {
  readonly separator: string
  readonly digits: number
  readonly offset: string
}

function momentText(units: bigint, { separator, digits, offset }: MomentForm): string {
  const unitsPerSecond = 10n ** BigInt(digits)
  const seconds = new Date(Number(units / unitsPerSecond) * 1000).toISOString().slice(0, 19).replace('T', separator)
  const fraction = digits === 0 ? '' : `.${String(units % unitsPerSecond).padStart(digits, '0')}`
  return `${seconds}${fraction}${offset}`
}
