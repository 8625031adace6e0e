/** Reads what MySQL and MariaDB print for `show grants`. A line that is not understood is told as one: it may be anything. */

/** What one line grants. */
export type GrantLine =
  | {
      readonly kind: 'rights'
      readonly rights: readonly { readonly right: string; readonly columns: readonly string[] | null }[]
      readonly on: GrantObject
      readonly with_grant_option: boolean
      /** Granted to everybody, which MariaDB prints among the grants of each. */
      readonly to_public: boolean
    }
  | { readonly kind: 'roles'; readonly roles: readonly string[] }
  /** It grants nothing: the role that a login begins with, or rights taken back, which are then counted all the same. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unknown' }

/** `null` stands for everything. `type` is empty for tables. */
export interface GrantObject {
  readonly type: '' | 'function' | 'procedure' | 'package' | 'package body'
  readonly schema: string | null
  readonly name: string | null
}

const QUOTED = "(?:`(?:[^`]|``)*`|'(?:[^'\\\\]|''|\\\\.)*')"
const NAME = `(?:${QUOTED}|[\\w$*.%-]+)`
const ACCOUNT = new RegExp(`^${NAME}(?:@${NAME})?$`)
const RIGHTS = new RegExp(
  `^GRANT (?<rights>(?:[A-Z_ ]+(?: ?\\((?:${QUOTED}|[\\w$, ]|\`)+\\))?(?:, ?)?)+) ON (?<type>(?:TABLE |FUNCTION |PROCEDURE |PACKAGE BODY |PACKAGE )?)(?<object>(?:\\*|${QUOTED})\\.(?:\\*|${QUOTED})) TO (?<rest>.+)$`,
)
const ROLES = /^GRANT (?<roles>.+?) TO (?<rest>.+)$/

/** Parses one line of `show grants`. What stands behind `TO`, a password's hash among it, is not looked at but for the option to grant and for everybody. */
export function parseGrantLine(line: string): GrantLine {
  if (/^(SET DEFAULT ROLE|REVOKE) /.test(line)) return { kind: 'nothing' }
  const given = RIGHTS.exec(line)?.groups
  if (given !== undefined) return toRights(given)
  if (/ ON /.test(line.replaceAll(new RegExp(QUOTED, 'g'), ''))) return { kind: 'unknown' }
  const roles = splitOutside(ROLES.exec(line)?.groups?.roles ?? '')
  const isAll = roles.length > 0 && roles.every((role) => ACCOUNT.test(role))
  return isAll ? { kind: 'roles', roles } : { kind: 'unknown' }
}

function toRights({ rights = '', type = '', object = '', rest = '' }: Readonly<Record<string, string>>): GrantLine {
  const parts = splitOutside(rights).map(toRight)
  const on = toObject(type, object)
  if (on === undefined || parts.some((part) => part === undefined)) return { kind: 'unknown' }
  return {
    kind: 'rights',
    rights: parts.filter((part) => part !== undefined),
    on,
    to_public: /^PUBLIC(?: |$)/.test(rest),
    with_grant_option: / WITH .*\bGRANT OPTION\b/.test(rest),
  }
}

function toRight(text: string) {
  const [, right, columns] = /^([A-Z_ ]+?)(?: ?\((.+)\))?$/.exec(text) ?? []
  if (right === undefined) return undefined
  return {
    right: right.trim().toLowerCase(),
    columns: columns === undefined ? null : splitOutside(columns).map(unquote),
  }
}

const TYPES: Readonly<Record<string, GrantObject['type']>> = {
  '': '',
  'TABLE ': '',
  'FUNCTION ': 'function',
  'PROCEDURE ': 'procedure',
  'PACKAGE ': 'package',
  'PACKAGE BODY ': 'package body',
}

function toObject(type: string, object: string): GrantObject | undefined {
  const [, schema, name] = new RegExp(`^(\\*|${QUOTED})\\.(\\*|${QUOTED})$`).exec(object) ?? []
  const known = TYPES[type]
  if (schema === undefined || name === undefined || known === undefined) return undefined
  return { type: known, schema: schema === '*' ? null : unquote(schema), name: name === '*' ? null : unquote(name) }
}

/** Splits at commas that are neither in quotes nor in brackets. */
function splitOutside(text: string): readonly string[] {
  const parts = text.match(new RegExp(`(?:${QUOTED}|\\((?:${QUOTED}|[^()])*\\)|[^,])+`, 'g')) ?? []
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

function unquote(text: string): string {
  if (text.startsWith('`')) return text.slice(1, -1).replaceAll('``', '`')
  if (text.startsWith("'"))
    return text.slice(1, -1).replaceAll(/''|\\(.)/g, (all, escaped: string | undefined) => escaped ?? all[0] ?? '')
  return text
}
