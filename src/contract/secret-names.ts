import { holdsCredential } from './credentials.js'

/** Part of a name, in whatever way its words are joined. */
const SECRET_PARTS: readonly string[] = [
  'accesskey',
  'apikey',
  'authorization',
  'credential',
  'encryptionkey',
  'passphrase',
  'passwd',
  'password',
  'privatekey',
  'secret',
  'signingkey',
  'token',
]

/** A word of a name by itself: as a part of others they mean something else. */
const SECRET_WORDS: ReadonlySet<string> = new Set([
  'auth',
  'bearer',
  'cookie',
  'creds',
  'dsn',
  'jwt',
  'key',
  'pass',
  'pwd',
])

/** What is before `key` where it locks nothing. */
const PLAIN_KEYS: ReadonlySet<string> = new Set([
  'behalf',
  'foreign',
  'id',
  'idempotency',
  'object',
  'of',
  'partition',
  'primary',
  'principal',
  'public',
  'roles',
  'row',
  'sort',
  'step',
  'tenant',
  'unique',
])

/** True for a name under which a secret would be written: `dbPassword`, `X-Api-Key`, `dsn`. Not for `tenant_key`. */
export function namesSecret(name: string): boolean {
  const words = wordsOf(name)
  const isPlainKey = words.at(-1) === 'key' && PLAIN_KEYS.has(words.at(-2) ?? '')
  const rest = isPlainKey ? words.slice(0, -1) : words
  const joined = rest.join('')
  return SECRET_PARTS.some((part) => joined.includes(part)) || rest.some((word) => SECRET_WORDS.has(word))
}

/** True for a name under which that of an environment variable is written: `token_env`. */
export function namesVariable(name: string): boolean {
  return wordsOf(name).at(-1) === 'env'
}

/** `dbPassword`, `DB_PASSWORD` and `db-password` are the same words. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
}

/** A header as it is sent, and nothing else. */
const HEADER_VALUE = /^\s*(?:bearer|basic|digest|token|apikey)\s+\S+\s*$/i
/** Within other text; words that only speak of it hold no digit. */
const BEARER = /\bbearer\s+(?=\S*\d)\S{8}/i
/** Parts of a query, flags, variables before a command. */
const PAIR = /(?<![\w.-])([\w.-]+)\s{0,4}=\s{0,4}[^\s&;,]/g
const FLAG_AND_VALUE = /(?:^|\s)--?([A-Za-z][\w-]*)\s+[^\s-]/g
const FLAG = /^--?([A-Za-z][\w-]*)$/

/** True where a text shows a secret, by what it looks like or by the name that stands before it. */
export function showsSecret(text: string): boolean {
  if (holdsCredential(text) || HEADER_VALUE.test(text) || BEARER.test(text)) return true
  return [PAIR, FLAG_AND_VALUE].some((pattern) =>
    [...text.matchAll(pattern)].some(([, name = '']) => namesSecret(name)),
  )
}

/** True for `--password` alone: what comes after it is one. */
export function asksForSecret(value: unknown): boolean {
  const [, name] = typeof value === 'string' ? (FLAG.exec(value) ?? []) : []
  return name !== undefined && namesSecret(name)
}
