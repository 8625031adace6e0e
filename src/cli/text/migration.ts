import type { ConfigMigration, ContractProblem } from '../../index.js'
import type { View } from '../command.js'
import { escapeUntrusted } from '../untrusted-text.js'
import { count } from './lines.js'
import { wrap } from './wrap.js'

/** What `config migrate` did. */
export interface MigrationContent {
  readonly name: string
  /** Where it was written, if it was. */
  readonly written: string | null
  readonly changes: readonly ConfigMigration[]
  /** What is still wrong. */
  readonly errors: readonly ContractProblem[]
}

export function renderMigration(migration: MigrationContent, view: View): string {
  const { written } = migration
  const where = written === null ? [] : [`Written to ${escapeUntrusted(written)}.`]
  return [changesOf(migration, view), ...remains(migration, view), ...where].join('\n\n')
}

function changesOf({ name, changes }: MigrationContent, { columns, paint }: View): string {
  if (changes.length === 0) return `${escapeUntrusted(name)} is in the spelling of today already.`
  return [
    paint.bold(`${count(changes.length, 'change')} to ${escapeUntrusted(name)}:`),
    ...changes.flatMap(({ path, message }) => [
      `  ${escapeUntrusted(path)}`,
      ...wrap(escapeUntrusted(message), columns - 4).map((line) => `    ${line}`),
    ]),
  ].join('\n')
}

function remains({ errors }: MigrationContent, { paint }: View): readonly string[] {
  if (errors.length === 0) return []
  const words =
    errors.length === 1 ? '1 error is left for you to mend' : `${errors.length} errors are left for you to mend`
  return [paint.yellow(`${words}: validate names ${errors.length === 1 ? 'it' : 'them'}.`)]
}
