const CREDENTIALS: readonly RegExp[] = [
  /\b(?:postgres(?:ql)?|mysql2?|mariadb|mongodb|rediss?|amqps?|mssql|sqlserver|oracle)(?:\+[a-z0-9]+)?:\/\//i,
  /\bjdbc:[a-z0-9]+:/i,
  /:\/\/[^\s/@]+@/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\bAKIA[0-9A-Z]{16}\b/,
  /\bgh[pousr]_[A-Za-z0-9]{36}/,
  /\b(?:sk|rk|pk)[-_][A-Za-z0-9_-]{20}/,
  /\bxox[abprs]-[A-Za-z0-9-]{10}/,
  /\beyJ[A-Za-z0-9_-]{10,200}\.eyJ[A-Za-z0-9_-]{10}/,
]
const PASSWORD_PAIR = /\b(?:password|pwd)\s{0,4}=\s{0,4}[^\s;]/i
const CONNECTION_PAIR = /\b(?:host|server|user|uid|dbname|database|data source)\s{0,4}=/i

/** True where a text holds a connection URL, a URL with a password, a connection string, a private key or a token. */
export function holdsCredential(text: string): boolean {
  if (CREDENTIALS.some((pattern) => pattern.test(text))) return true
  return PASSWORD_PAIR.test(text) && CONNECTION_PAIR.test(text)
}

const SECRET_NAMES: ReadonlySet<string> = new Set([
  'accesskey',
  'apikey',
  'clientsecret',
  'key',
  'passphrase',
  'passwd',
  'password',
  'privatekey',
  'pwd',
  'secret',
  'token',
])

/** True for a key, folded, under which nothing but a secret would be written. */
export function isSecretName(folded: string): boolean {
  return SECRET_NAMES.has(folded)
}
