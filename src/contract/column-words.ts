/** What the name of a column tells, by its words: what suggests a contract and what judges one read them alike. */
import { namesSecret, wordsOf } from './secret-names.js'

/** Beside what names a secret anywhere: what names one in a table, or a number that belongs to one person. */
const SECRET_WORDS: ReadonlySet<string> = new Set([
  'bic',
  'birthdate',
  'card',
  'cipher',
  'ciphertext',
  'cvc',
  'cvv',
  'dob',
  'encrypted',
  'hash',
  'hashed',
  'iban',
  'mfa',
  'mnemonic',
  'nin',
  'otp',
  'pan',
  'passcode',
  'passport',
  'pin',
  'salt',
  'sin',
  'ssn',
  'swift',
  'totp',
])

/** Several words, however they are joined. */
const SECRET_PHRASES: readonly string[] = [
  'accountnumber',
  'backupcode',
  'bankaccount',
  'cardnumber',
  'creditcard',
  'dateofbirth',
  'driverlicense',
  'driverslicense',
  'healthrecord',
  'nationalid',
  'passwordhash',
  'recoverycode',
  'routingnumber',
  'securityanswer',
  'securitycode',
  'socialsecurity',
  'sortcode',
  'taxid',
  'taxnumber',
  'vatnumber',
]

/** At the end of a name they say that something is only spoken of: `password_changed_at`, `message_count`. */
const ABOUT: ReadonlySet<string> = new Set([
  'at',
  'brand',
  'changed',
  'count',
  'enabled',
  'expires',
  'expiry',
  'four',
  'last4',
  'on',
  'required',
  'status',
  'type',
  'used',
])

/** So do these at its beginning: `has_password`. */
const ASKING: ReadonlySet<string> = new Set(['has', 'is', 'needs'])

/** True where a column would hold a secret or a number of one person: not for what only points at one, or counts it. */
export function isSecretColumn(name: string): boolean {
  const words = wordsOf(name)
  if (isAbout(words) || words.join('') === 'key') return false
  if (holdsPhrase(words)) return true
  if (words.at(-1) === 'id') return false
  return words.some((word) => SECRET_WORDS.has(word)) || namesSecret(name)
}

function isAbout(words: readonly string[]): boolean {
  return ABOUT.has(words.at(-1) ?? '') || ASKING.has(words[0] ?? '')
}

/** Within a word, or from the beginning of one: `resort_code` is no sort code. */
function holdsPhrase(words: readonly string[]): boolean {
  const rests = words.map((_, place) => words.slice(place).join(''))
  return SECRET_PHRASES.some(
    (phrase) => words.some((word) => word.includes(phrase)) || rests.some((rest) => rest.startsWith(phrase)),
  )
}

const OUTSIDE_WORDS: ReadonlySet<string> = new Set([
  'about',
  'address',
  'answer',
  'bio',
  'body',
  'caption',
  'comment',
  'comments',
  'content',
  'description',
  'details',
  'excerpt',
  'feedback',
  'headline',
  'memo',
  'message',
  'name',
  'note',
  'notes',
  'payload',
  'question',
  'reason',
  'remark',
  'remarks',
  'reply',
  'request',
  'review',
  'signature',
  'subject',
  'summary',
  'text',
  'title',
  'transcript',
])

/** At the end of a name they tell of a number, a date or a reference. */
const NO_TEXT: ReadonlySet<string> = new Set([
  'amount',
  'bytes',
  'cents',
  'date',
  'id',
  'ids',
  'index',
  'length',
  'number',
  'rating',
  'score',
  'size',
  'time',
  'total',
  'version',
])

/** True where people from outside may have written what stands there. Of a column of another type it tells nothing. */
export function isOutsideTextColumn(name: string): boolean {
  const words = wordsOf(name)
  if (isAbout(words) || NO_TEXT.has(words.at(-1) ?? '')) return false
  return words.some((word) => OUTSIDE_WORDS.has(word))
}

const STATES: ReadonlySet<string> = new Set(['phase', 'stage', 'state', 'status'])

/** True where a column holds a state. */
export function isStateColumn(name: string): boolean {
  return STATES.has(wordsOf(name).at(-1) ?? '')
}

/** Not `on`: `updated_on` is often a moment, and nothing but its type tells. */
const DAYS: ReadonlySet<string> = new Set(['date', 'day', 'month'])

/** True where a column is named like a day, at which several writes can be. */
export function isDayColumn(name: string): boolean {
  return DAYS.has(wordsOf(name).at(-1) ?? '')
}
