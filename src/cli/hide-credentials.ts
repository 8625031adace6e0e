import { holdsCredential } from '../contract/credentials.js'

/** A word with a scheme in it, whatever stands around it. */
const URL_LIKE = /[a-z][a-z0-9+.-]*:\/\/[^\s'"]+/gi

/** What was typed in the wrong place, without the URLs in it that may hold a password. */
export function hideCredentials(text: string): string {
  return text.replace(URL_LIKE, (found) => (holdsCredential(found) ? '…' : found))
}
