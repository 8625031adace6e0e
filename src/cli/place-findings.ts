import { readText } from '../contract/parse-text.js'
import { offsetOf, positionsIn } from '../contract/positions.js'
import type { LintFinding } from '../index.js'

/** A finding, and where in the text its place stands. */
export interface PlacedFinding extends LintFinding {
  /** From 1. */
  readonly line?: number
  readonly column?: number
}

/** Adds line and column; of a key that is missing, those of the object that lacks it. */
export function placeFindings(findings: readonly LintFinding[], text: string): readonly PlacedFinding[] {
  const root = readText(text).root?.()
  if (root === undefined) return findings
  const positionOf = positionsIn(text)
  return findings.map((each) => ({ ...each, ...positionOf(offsetOf(root, each.path)) }))
}
