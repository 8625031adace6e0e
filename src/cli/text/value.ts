import type { JsonScalar } from '../../index.js'
import { escapeUntrusted } from '../untrusted-text.js'

/** A value of a row, so that text, number and null cannot be taken for each other. */
export function shown(value: JsonScalar): string {
  return escapeUntrusted(JSON.stringify(value))
}
