import type { JsonScalar } from '../protocol/values.js'

/** One thing that is not as a case says. */
export interface ContractCaseDifference {
  /** JSON Pointer within the case: `/expect/proposed/status`. */
  readonly path: string
  /** One sentence. Holds no value of a row. */
  readonly message: string
  /** What the case says, where that is one value. */
  readonly expected?: JsonScalar
  /** What there was. Left out for a column that the capability does not show. */
  readonly actual?: JsonScalar
}

/** What became of one case. */
export interface ContractCaseResult {
  readonly name: string
  readonly capability: string
  readonly ok: boolean
  /** Empty where it passed. */
  readonly differences: readonly ContractCaseDifference[]
}

/** What became of all cases. */
export interface ContractTestReport {
  /** True where every case that was run passed. */
  readonly ok: boolean
  readonly passed: number
  readonly failed: number
  readonly cases: readonly ContractCaseResult[]
  /** Capabilities of the contract that no case of the file calls, in the order of the contract. */
  readonly uncovered: readonly string[]
}
