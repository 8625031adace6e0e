/** Columns that move with every write, so that a write can be held to the row as it was read. */
import { wordsOf } from '../contract/secret-names.js'
import type { SurveyedColumn, SurveyedTable } from '../drivers/survey.js'
import type { Engine } from '../protocol/table.js'
import type { VersionCandidate } from './assessment.js'
import { isPlainName } from './plain-name.js'

const MOMENTS = [
  'updatedat',
  'modifiedat',
  'lastmodifiedat',
  'lastupdatedat',
  'changedat',
  'lastmodified',
  'lastupdated',
  'lastchanged',
  'updatedon',
  'modifiedon',
  'updated',
  'modified',
  'mtime',
] as const
const COUNTERS = [
  'rowversion',
  'lockversion',
  'recordversion',
  'versionnumber',
  'version',
  'optlock',
  'revision',
  'rev',
] as const

/** Two writes in one moment of fewer digits share a version. */
const EXACT_DIGITS = 6

export function versionCandidates(engine: Engine, table: SurveyedTable): readonly VersionCandidate[] {
  return table.columns
    .filter(({ name, nullable, generated }) => !nullable && !generated && isPlainName(name))
    .map((column) => counterOf(column) ?? momentOf(engine, column))
    .filter((each) => each !== undefined)
    .sort((a, b) => Number(a.strength === 'coarse') - Number(b.strength === 'coarse'))
}

/** Named like one, but can be NULL, which is no version. */
export function nullableVersions({ columns }: SurveyedTable): readonly string[] {
  return columns
    .filter(({ name, nullable }) => nullable && (isOneOf(COUNTERS, name) || isOneOf(MOMENTS, name)))
    .map(({ name }) => name)
}

function counterOf({ name, kind }: SurveyedColumn): VersionCandidate | undefined {
  if (kind !== 'integer' || !isOneOf(COUNTERS, name)) return undefined
  return { column: name, why: 'is a whole number that is named like a version', strength: 'exact', advance: 'integer' }
}

function momentOf(engine: Engine, { name, kind, fraction_digits }: SurveyedColumn): VersionCandidate | undefined {
  if (!isOneOf(MOMENTS, name)) return undefined
  const candidate = { column: name, advance: 'timestamp' } as const
  if (engine === 'sqlite' && kind === 'text') {
    return { ...candidate, why: 'is text that is named like the time of a change', strength: 'coarse' }
  }
  if (kind !== 'timestamp' && kind !== 'datetime') return undefined
  const digits = fraction_digits ?? 0
  return {
    ...candidate,
    why: `is named like the time of a change and keeps ${digits} digits of a second`,
    strength: digits >= EXACT_DIGITS ? 'exact' : 'coarse',
  }
}

function isOneOf(names: readonly string[], name: string): boolean {
  return names.includes(wordsOf(name).join(''))
}
