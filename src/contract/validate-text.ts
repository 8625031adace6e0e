import { readText } from './parse-text.js'
import { withPositions } from './positions.js'
import type { ContractProblem } from './problems.js'
import { type Examination, examineConfig, type Validation } from './validate.js'

/** Validates JSON text and, where it is valid, gives the contract with its defaults. */
export function examineConfigText(text: string): Examination {
  const { root, value, problems } = readText(text)
  if (root === undefined) return { ok: false, errors: problems, warnings: [] }
  const examination = examineConfig(value, problems)
  const { errors, warnings } = examination
  if (errors.length + warnings.length === 0) return examination
  const place = (found: readonly ContractProblem[]) => withPositions(found, root(), text)
  return { ...examination, errors: place(errors), warnings: place(warnings) }
}

/**
 * {@link validateConfig} for JSON text. Every problem has a line and a column; a key that stands twice in one object is
 * an error, and so is a comment.
 */
export function validateConfigText(text: string): Validation {
  const { ok, errors, warnings } = examineConfigText(text)
  return { ok, errors, warnings }
}
