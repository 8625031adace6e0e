import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../../docs/generate/files.js'
import { FLAGS } from '../../../docs/generate/programs/own-database.js'
import { LINT_CODES } from '../../../src/authority/lint-codes.js'
import { ERROR_CODES } from '../../../src/errors.js'
import type { Note } from '../../../src/onboarding/assessment.js'

/** Whatever the union has: the type check misses what is not here. */
const NOTES = {
  NOT_A_TABLE: 'refuse',
  NO_UNIQUE_KEY: 'refuse',
  COMPOSITE_KEY: 'refuse',
  NO_TENANT_KEY: 'warn',
  TENANT_TYPE: 'warn',
  TENANT_NOT_INDEXED: 'warn',
  NO_VERSION_COLUMN: 'warn',
  COARSE_VERSION: 'warn',
  NOT_TRANSACTIONAL: 'refuse',
  ROW_SECURITY: 'warn',
  TRIGGERS: 'warn',
  CASCADES: 'warn',
  GENERATED_COLUMNS: 'warn',
  UNTRUSTED_TEXT: 'warn',
  SECRET_COLUMNS: 'warn',
  NAME_NOT_PLAIN: 'refuse or warn',
  NAME_TOO_LONG: 'refuse or warn',
  NOT_DURABLE: 'warn',
  CHARSET: 'refuse',
} satisfies Record<Note['code'], string>

const read = (page: string) => readFileSync(join(projectRoot, 'docs', page), 'utf8')

/** Rows of a table that begin with a code, as lists of cells. */
function rowsOf(page: string): readonly (readonly string[])[] {
  return [...read(page).matchAll(/^\| `([A-Z_]+)` \| (.+) \|$/gm)].map(([, code = '', rest = '']) => [
    code,
    ...rest.split(' | '),
  ])
}

describe('docs/schema-inspection.md', () => {
  const rows = rowsOf('schema-inspection.md')

  it('has one row for each note, in their order, with its severity', () => {
    expect(rows.map(([code, severity]) => [code, severity])).toEqual(Object.entries(NOTES))
  })

  it.each(rows)('says of %s what it means, and what to do', (_code, _severity, ...sentences) => {
    expect(sentences).toHaveLength(2)
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z`].{8,}\.$/)
  })
})

describe('docs/contract-tests.md', () => {
  const rows = rowsOf('contract-tests.md')

  it('has one row for each code of lint, in their order, with its severity', () => {
    const known = Object.entries(LINT_CODES).map(([code, { severity }]) => [code, severity])
    expect(rows.map(([code, severity]) => [code, severity])).toEqual(known)
  })

  it.each(rows)('says of %s what it is about', (_code, _severity, sentence) => {
    expect(sentence).toMatch(/^[A-Z].{15,}\.$/)
  })
})

it('docs/own-database.md shows the line that its files come from', () => {
  expect(read('own-database.md').replaceAll('\\\n  ', '')).toContain(`npx synapsor-runner ${FLAGS}\n`)
})

describe('docs/troubleshooting.md', () => {
  it('speaks of each code that a first run meets', () => {
    const met = [
      ...['CONFIG_INVALID', 'CONTEXT_MISSING', 'ENV_MISSING', 'NOT_FOUND', 'PRECONDITION_FAILED', 'RECEIPTS_MISSING'],
      ...['SOURCE_UNAVAILABLE', 'SOURCE_AUTH', 'SOURCE_TLS', 'SOURCE_FORBIDDEN', 'SCHEMA_DRIFT', 'ROLE_REQUIRED'],
      ...['SELF_APPROVAL', 'OUTCOME_UNKNOWN', 'HANDLER_UNAVAILABLE', 'PLATFORM_UNSUPPORTED', 'LEDGER_UNAVAILABLE'],
    ]
    const page = read('troubleshooting.md')
    expect(met.filter((code) => !(code in ERROR_CODES) || !page.includes(`\`${code}\``))).toEqual([])
  })

  it('tells what takes a certificate that nobody signed, and that it is for a disposable database', () => {
    expect(read('troubleshooting.md')).toMatch(/self-signed certificate in certificate chain[\s\S]*disposable database/)
  })
})
