/** What the name of a column tells, by its words. */
import { namesSecret, wordsOf } from '../contract/secret-names.js'

/** Beside what names a secret anywhere, what names one in a table, or a number that belongs to one person. */
const SECRET_WORDS: ReadonlySet<string> = new Set([
  'bic',
  'card',
  'cipher',
  'ciphertext',
  'cvc',
  'cvv',
  'encrypted',
  'hash',
  'hashed',
  'iban',
  'mfa',
  'mnemonic',
  'nin',
  'otp',
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
  'message',
  'memo',
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

/** Half a sentence where the name is that of a secret or of a personal number. */
export function secretName(name: string): string | undefined {
  const words = wordsOf(name)
  const joined = words.join('')
  const isSecret =
    namesSecret(name) ||
    words.some((word) => SECRET_WORDS.has(word)) ||
    SECRET_PHRASES.some((phrase) => joined.includes(phrase))
  return isSecret ? 'is named like a secret or a personal number' : undefined
}

/** True where people from outside may have written what stands there. */
export function namesOutsideText(name: string): boolean {
  return wordsOf(name).some((word) => OUTSIDE_WORDS.has(word))
}
