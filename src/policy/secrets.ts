import { RunnerError } from '../errors.js'

/**
 * Shapes that are secrets wherever they stand. Few and certain on purpose: a false alarm would refuse honest work.
 */
const SECRETS: readonly RegExp[] = [
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{1,200}:[^\s/@]{1,200}@/i,
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----/,
  /\bAKIA[0-9A-Z]{16}\b/,
  /\bgh[pousr]_[A-Za-z0-9]{36,}\b/,
  /\bxox[abprs]-[A-Za-z0-9-]{10,}/,
  /\b(sk|rk)_live_[A-Za-z0-9]{16,}/,
  /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/,
]

/** The shortest text that can be a secret; anything shorter is not looked at. */
const SHORTEST = 14

export function looksLikeSecret(text: string): boolean {
  return text.length >= SHORTEST && SECRETS.some((shape) => shape.test(text))
}

/** @throws RunnerError `SECRET_REFUSED` that names the place, never the value. */
export function refuseSecret(place: string, text: string | null): void {
  if (text === null || !looksLikeSecret(text)) return
  throw new RunnerError('SECRET_REFUSED', `The value of ${place} looks like a secret. It was not stored or shown.`, {
    details: { place },
  })
}
