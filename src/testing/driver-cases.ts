import { guardCases } from './driver-guard-cases.js'
import { raceCases } from './driver-race-cases.js'
import { readCases } from './driver-read-cases.js'
import { updateCases } from './driver-update-cases.js'
import { valueCases } from './driver-value-cases.js'
import type { DriverCase, DriverTraits } from './driver-world.js'

export type { ColumnPurpose, DriverCase, DriverTraits, DriverWorld } from './driver-world.js'

/**
 * What every driver promises, as cases for any test framework: those that the engine has the columns and triggers for.
 * A case makes tables of its own, so that one world serves them all, one after another.
 *
 * @example
 * ```ts
 * for (const { name, run } of driverCases(traits)) it(name, () => run(world))
 * ```
 */
export function driverCases(traits: DriverTraits): readonly DriverCase[] {
  return [...readCases, ...valueCases, ...updateCases, ...guardCases, ...raceCases].filter((one) =>
    isPossible(one, traits),
  )
}

function isPossible({ needs = [], needs_triggers = false }: DriverCase, traits: DriverTraits): boolean {
  const hasTriggers = traits.trigger !== undefined && (needs_triggers !== 'shown' || !traits.hides_triggers)
  return needs.every((purpose) => traits.types[purpose] !== undefined) && (!needs_triggers || hasTriggers)
}
