/** What makes a reviewed write of a table impossible or unwise, each with what to do about it. */
import type { SurveyedColumn } from '../drivers/survey.js'
import type { TableProblem } from '../protocol/table.js'
import { isServed } from '../sql/search.js'
import { canBeKey } from '../sql/values.js'
import type { Note, TableAssessment } from './assessment.js'
import { nameTrouble } from './plain-name.js'
import { nullableVersions } from './version-candidates.js'

type Found = Omit<TableAssessment, 'notes'>

export function notesOf(found: Found, unfitTenants: readonly SurveyedColumn[]): readonly Note[] {
  const isTable = found.table.problems.every(({ code }) => code !== 'NOT_A_TABLE')
  return [
    ...nameNotes(found),
    ...problemNotes(found.table.problems, isTable),
    ...(isTable ? keyNotes(found) : []),
    ...tenantNotes(found, unfitTenants),
    ...(isTable ? versionNotes(found) : []),
    ...effectNotes(found),
    ...columnNotes(found),
  ]
}

const NAMES: Readonly<Record<'NAME_TOO_LONG' | 'NAME_NOT_PLAIN', string>> = {
  NAME_TOO_LONG: 'is longer than 63 characters',
  NAME_NOT_PLAIN: 'is not of letters, digits and underscores alone',
}

function nameNotes({ table, columns }: Found): readonly Note[] {
  const places = [table.schema ?? 'main', table.table]
  const trouble = places.map(nameTrouble).find((code) => code !== undefined)
  if (trouble !== undefined) {
    const message = `The name of the table or its schema ${NAMES[trouble]}.`
    return [refuse(trouble, message, 'Make a view with a plain name to read from, or rename it.')]
  }
  return (['NAME_TOO_LONG', 'NAME_NOT_PLAIN'] as const).flatMap((code) => {
    const named = columns.filter(({ column }) => nameTrouble(column) === code).map(({ column }) => column)
    const message = `The name of ${named.length} of its columns ${NAMES[code]}: ${some(named)}.`
    return named.length === 0 ? [] : [warn(code, message, 'Leave them out, or rename them.')]
  })
}

type ProblemCode = TableProblem['code'] & Note['code']

const PROBLEMS: Readonly<Record<ProblemCode, string>> = {
  NOT_A_TABLE: 'Read from it if you like; write to the table that holds the rows.',
  NO_UNIQUE_KEY: 'Give it a primary key of one column that is never NULL.',
  NOT_TRANSACTIONAL: 'Change its engine to InnoDB.',
  NOT_DURABLE: 'Make the table logged, or the server wait for the disk.',
  CHARSET: 'Convert the columns to utf8mb4.',
  CASCADES: 'Keep the referenced columns out of what may be proposed.',
}

function isNoted(code: TableProblem['code']): code is ProblemCode {
  return code in PROBLEMS
}

/** What is no table needs no key to be written by. */
function problemNotes(problems: readonly TableProblem[], isTable: boolean): readonly Note[] {
  return problems.flatMap(({ code, severity, message }) => {
    if (!isNoted(code) || (code === 'NO_UNIQUE_KEY' && !isTable)) return []
    return [{ severity, code, message, next: PROBLEMS[code] }]
  })
}

function keyNotes({ table, key }: Found): readonly Note[] {
  if (key !== null || table.unique_keys.length === 0) return []
  const single = table.unique_keys.filter((columns) => columns.length === 1).flat()
  const unfit = table.columns.find((column) => single.includes(column.name) && !canBeKey(column))
  if (unfit !== undefined) {
    const message = `Rows are not found by ${unfit.name}, a column of type ${unfit.type}.`
    return [refuse('NO_UNIQUE_KEY', message, 'Add a unique column of a number, text, UUID or date.')]
  }
  const [named] = single
  const trouble = named === undefined ? undefined : nameTrouble(named)
  if (trouble !== undefined) {
    const message = `The name of the column that identifies a row ${NAMES[trouble]}: ${named}.`
    return [refuse(trouble, message, 'Rename it, or add another unique column.')]
  }
  if (single.length > 0) return []
  const message = `Only several columns together identify a row: ${some(table.unique_keys[0] ?? [])}.`
  const next = 'Add a column that is unique by itself, or unique together with the tenant.'
  return [refuse('COMPOSITE_KEY', message, next)]
}

function tenantNotes({ table, tenant_keys: [tenant], key }: Found, unfit: readonly SurveyedColumn[]): readonly Note[] {
  const types = unfit.map(({ name, type }) => `${name} (${type})`)
  const typeNotes =
    unfit.length === 0
      ? []
      : [
          warn(
            'TENANT_TYPE',
            `Rows are not found by what is named like a tenant: ${some(types)}.`,
            'Use a column of text, a whole number or a UUID.',
          ),
        ]
  if (tenant === undefined) {
    const next = 'Name the column that parts the tenants, or set single_tenant_dev where there is one tenant only.'
    return [...typeNotes, warn('NO_TENANT_KEY', 'No column looks like that of a tenant.', next)]
  }
  const isListed = isServed(table.indexes, { tenant: tenant.column }) || key === null || table.kind !== 'table'
  if (isListed) return typeNotes
  const message = `No index begins with ${tenant.column}: one row is found by its key, and a list of one tenant would read the whole table.`
  return [...typeNotes, warn('TENANT_NOT_INDEXED', message, 'Add an index that begins with it before you list rows.')]
}

function versionNotes({ table, version_columns: [version] }: Found): readonly Note[] {
  if (version === undefined) {
    const nullable = nullableVersions(table)
    const but = nullable.length === 0 ? '' : ` ${some(nullable)} can be NULL.`
    const next = 'Add one, such as row_version integer not null default 1, or compare the whole row.'
    return [warn('NO_VERSION_COLUMN', `No column moves with every write.${but}`, next)]
  }
  if (version.strength === 'exact') return []
  const message = `Two writes in one moment can share a version: ${version.column} ${version.why}.`
  return [warn('COARSE_VERSION', message, 'Give it six digits of a second, or add a whole number.')]
}

function effectNotes({ table }: Found): readonly Note[] {
  const security = `Row security is ${table.row_security} on it, and owners, superusers and BYPASSRLS may pass it by.`
  const triggers = `Triggers or rules act when it is written: ${some(table.triggers)}.`
  return [
    ...(table.row_security === 'none'
      ? []
      : [warn('ROW_SECURITY', security, 'Connect as a role that it binds; for owners that takes FORCE.')]),
    ...(table.triggers.length === 0
      ? []
      : [warn('TRIGGERS', triggers, 'Apply refuses a row that they change in another way than was approved.')]),
  ]
}

function columnNotes({ table, columns }: Found): readonly Note[] {
  const generated = table.columns.filter((column) => column.generated).map(({ name }) => name)
  const untrusted = columns.filter(({ is_untrusted }) => is_untrusted).map(({ column }) => column)
  const secret = columns.filter(({ is_visible, column }) => !is_visible && nameTrouble(column) === undefined)
  return [
    noteOf('GENERATED_COLUMNS', generated, {
      message: 'The database itself sets',
      next: 'They are left out of what may be proposed.',
    }),
    noteOf('UNTRUSTED_TEXT', untrusted, {
      message: 'People from outside may have written',
      next: 'Show them as untrusted text only, or leave them out.',
    }),
    noteOf(
      'SECRET_COLUMNS',
      secret.map(({ column }) => column),
      { message: 'What no agent should see may be in', next: 'They are left out of what is shown.' },
    ),
  ].flat()
}

function noteOf(
  code: Note['code'],
  columns: readonly string[],
  { message, next }: { readonly message: string; readonly next: string },
): readonly Note[] {
  return columns.length === 0 ? [] : [warn(code, `${message} ${some(columns)}.`, next)]
}

const MOST_NAMES = 8

/** The first few names, and how many more there are. */
function some(names: readonly string[]): string {
  const more = names.length - MOST_NAMES
  return `${names.slice(0, MOST_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function refuse(code: Note['code'], message: string, next: string): Note {
  return { severity: 'refuse', code, message, next }
}

function warn(code: Note['code'], message: string, next: string): Note {
  return { severity: 'warn', code, message, next }
}
