import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../../docs/generate/files.js'
import { ERROR_CODES } from '../../../src/index.js'

const page = readFileSync(join(projectRoot, 'docs', 'errors.md'), 'utf8')
const rows = [...page.matchAll(/^\| `([A-Z_]+)` \| (.+?) \| `([a-z_]+)` \| (.+?) \|$/gm)].map(
  ([, code = '', meaning = '', retry = '', solution = '']) => ({ code, meaning, retry, solution }),
)

describe('docs/errors.md', () => {
  it('has one row for each code, and none for another', () => {
    expect(rows.map((row) => row.code).sort()).toEqual(Object.keys(ERROR_CODES).sort())
  })

  it.each(rows)('tells the truth on retrying $code', ({ code, retry }) => {
    expect(ERROR_CODES).toHaveProperty([code, 'retry'], retry)
  })

  it.each(rows)('says in sentences what $code means and how to solve it', ({ meaning, solution }) => {
    expect(meaning).toMatch(/^[A-Z`].{10,}\.$/)
    expect(solution).toMatch(/^[A-Z`].{25,}\.$/)
  })
})
