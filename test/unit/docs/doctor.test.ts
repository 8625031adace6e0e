import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../../docs/generate/files.js'
import { REASONS } from '../../../src/operations/reasons.js'

const page = readFileSync(join(projectRoot, 'docs', 'doctor.md'), 'utf8')
const rows = [...page.matchAll(/^\| `([A-Z_]+)` \| (.+?) \| (.+?) \|$/gm)].map(
  ([, reason = '', meaning = '', remedy = '']) => ({ reason, meaning, remedy }),
)

describe('docs/doctor.md', () => {
  it('has one row for each reason, in their order, and none for another', () => {
    expect(rows.map(({ reason, meaning }) => [reason, meaning])).toEqual(Object.entries(REASONS))
  })

  it.each(rows)('says in a sentence what to do about $reason', ({ remedy }) => {
    expect(remedy).toMatch(/^[A-Z`].{15,}\.$/)
  })
})
