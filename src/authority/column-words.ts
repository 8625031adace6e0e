import { namesSecret } from '../contract/secret-names.js'

/** `lateFee`, `late_fee` and `LATE-FEE` are the same words. */
function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
}

const PERSONAL_SECRETS: ReadonlySet<string> = new Set([
  'cvc',
  'cvv',
  'hash',
  'iban',
  'otp',
  'pan',
  'pin',
  'salt',
  'ssn',
  'totp',
])

/** Two words that are a secret together. */
const SECRET_PAIRS: readonly string[] = ['card number', 'account number', 'recovery code', 'security answer', 'tax id']

/** At the end of a name they say that a secret is only spoken of: `password_changed_at`, `token_count`. */
const ABOUT: ReadonlySet<string> = new Set([
  'at',
  'changed',
  'count',
  'enabled',
  'expires',
  'expiry',
  'four',
  'on',
  'required',
  'status',
  'type',
  'used',
])

/** So do these at its beginning: `has_password`. */
const ASKING: ReadonlySet<string> = new Set(['has', 'is', 'needs'])

/** A column that would hold a secret, by its name. */
export function looksSecret(column: string): boolean {
  const words = wordsOf(column)
  if (ABOUT.has(words.at(-1) ?? '') || ASKING.has(words[0] ?? '') || column.toLowerCase() === 'key') return false
  const spaced = ` ${words.join(' ')} `
  if (words.at(-1) === 'id') return SECRET_PAIRS.some((pair) => spaced.includes(` ${pair} `))
  if (words.some((word) => PERSONAL_SECRETS.has(word))) return true
  return SECRET_PAIRS.some((pair) => spaced.includes(` ${pair} `)) || namesSecret(column)
}

const FREE_TEXT: ReadonlySet<string> = new Set([
  'address',
  'bio',
  'body',
  'comment',
  'comments',
  'content',
  'description',
  'feedback',
  'message',
  'note',
  'notes',
  'remark',
  'remarks',
  'subject',
  'summary',
  'text',
  'title',
])

/** A column that people write what they like in, by its name. */
export function looksFree(column: string): boolean {
  return FREE_TEXT.has(wordsOf(column).at(-1) ?? '')
}

const STATES: ReadonlySet<string> = new Set(['phase', 'stage', 'state', 'status'])

/** A column that holds a state, by its name. */
export function looksLikeState(column: string): boolean {
  return STATES.has(wordsOf(column).at(-1) ?? '')
}

const COARSE: ReadonlySet<string> = new Set(['date', 'day', 'on', 'month'])

/** A version column that two writes can leave at one value, by its name. */
export function looksCoarse(column: string): boolean {
  return COARSE.has(wordsOf(column).at(-1) ?? '')
}
