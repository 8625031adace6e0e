const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** A stretch of time in its largest unit: `3 min`, `2 h`, `5 d`. */
export function span(milliseconds: number): string {
  const length = Math.abs(milliseconds)
  if (length < MINUTE) return `${Math.floor(length / 1000)} s`
  if (length < HOUR) return `${Math.floor(length / MINUTE)} min`
  if (length < 2 * DAY) return `${Math.floor(length / HOUR)} h`
  return `${Math.floor(length / DAY)} d`
}

/** How long ago a moment was. */
export function age(moment: string, now: Date): string {
  return span(now.getTime() - Date.parse(moment))
}

/** How long until a moment, or that it has passed. */
export function until(moment: string, now: Date): string {
  const left = Date.parse(moment) - now.getTime()
  return left > 0 ? `in ${span(left)}` : `${span(left)} ago`
}

/** Within the hour, a reviewer should look at it first. */
export function isSoon(moment: string, now: Date): boolean {
  const left = Date.parse(moment) - now.getTime()
  return left > 0 && left < HOUR
}
