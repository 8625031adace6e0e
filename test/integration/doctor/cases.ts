import { describe, expect, it } from 'vitest'
import type { Reason } from '../../../src/operations/reasons.js'
import type { Clinic } from './clinic.js'

type Names = Clinic['names']

/** One way in which a set-up is wrong, and what the doctor makes of it. */
export interface Ailment {
  /** What was done, as part of a sentence. */
  readonly title: string
  readonly spoil: (names: Names) => string
  readonly reason: Reason
  readonly severity: 'warning' | 'error'
  /** What `mend` cannot undo: run behind it. */
  readonly after?: (names: Names) => string
  /** No statement mends it: this does. */
  readonly cure?: (names: Names) => string
}

/** What the cases need of a clinic. */
export type Patient = Pick<Clinic, 'names' | 'run' | 'findings' | 'secrets'>

/** Each ailment is found, the statements that the doctor gives mend it, and then nothing is left to find. */
export function ailmentCases(clinic: () => Patient, ailments: readonly Ailment[]): void {
  it('finds nothing where the grants are those that migrations print', async () => {
    expect(await clinic().findings()).toEqual([])
  })

  describe.each(ailments)('when $title', ({ spoil, reason, severity, after, cure }) => {
    it('is found, and mended by the statements that it comes with', async () => {
      const { names, run, findings, secrets } = clinic()
      await run(spoil(names))

      const found = await findings()

      expect(found.map((each) => [each.reason, each.severity])).toContainEqual([reason, severity])
      for (const secret of secrets) expect(JSON.stringify(found)).not.toContain(secret)
      const mends = found.flatMap(({ mend }) => (mend === undefined ? [] : [mend]))
      // A column that is not shown to the reader looks to a capability as one that is not there.
      const unmended = found.filter(({ mend, code }) => mend === undefined && code !== 'SCHEMA_DRIFT')
      if (cure === undefined) expect(unmended).toEqual([])
      for (const statement of withoutRepeats(mends)) await run(statement)
      if (cure !== undefined) await run(cure(names))
      const left = await findings()
      if (after !== undefined) await run(after(names))
      expect(left).toEqual([])
    })
  })
}

/** What both credentials hold through everybody is taken from everybody once: a second time is an error on MariaDB. */
function withoutRepeats(mends: readonly string[]): readonly string[] {
  const run = new Set<string>()
  return mends.map((mend) => {
    const lines = mend.split('\n').filter((line) => !run.has(line))
    for (const line of lines) if (line.startsWith('revoke ')) run.add(line)
    return lines.join('\n') || 'select 1'
  })
}
