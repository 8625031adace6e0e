import type { Inspection } from '../documents/inspection.js'
import { escapeUntrusted } from '../untrusted-text.js'

/** What was inspected. */
export function headOf({ server, database, path, schema }: Inspection): string {
  const place = database ?? path
  const within = schema === null ? '' : `, schema ${schema}`
  return escapeUntrusted(`${server}, ${database === null ? 'file' : 'database'} ${place}${within}`)
}
