import { RunnerError } from '../errors.js'
import { baseDirOf, rememberBaseDir } from './base-dir.js'
import { deepFreeze } from './freeze.js'
import type { ContractProblem } from './problems.js'
import type { ParsedConfig } from './schema.js'
import { type Examination, examineConfig } from './validate.js'

function placeOf({ path, line, column }: ContractProblem): string {
  return line === undefined ? path : `${path} (${line}:${column})`
}

/** One problem on one line: where, what to do, and the code. */
export function renderProblem(one: ContractProblem): string {
  return `${placeOf(one)}: ${one.message} [${one.code}]`
}

/** Gives the contract of an examination, frozen, or throws every error in it. */
export function acceptExamination(examination: Examination, name: string, baseDir: string | undefined): ParsedConfig {
  const { config, errors, warnings } = examination
  if (config === undefined) {
    const count = errors.length === 1 ? '1 problem' : `${errors.length} problems`
    const message = [`${name} is not valid: ${count}.`, ...errors.map((one) => `  ${renderProblem(one)}`)].join('\n')
    throw new RunnerError('CONFIG_INVALID', message, { details: { errors, warnings } })
  }
  rememberBaseDir(config, baseDir)
  return deepFreeze(config)
}

/**
 * Validates a contract and gives a frozen copy of it with every default filled in. A contract that was loaded from a
 * file keeps its folder.
 *
 * @throws RunnerError `CONFIG_INVALID` with all problems in `details.errors`.
 */
export function parseConfig(value: unknown): ParsedConfig {
  const examination = examineConfig(value)
  const baseDir = typeof value === 'object' && value !== null && examination.ok ? baseDirOf(value) : undefined
  return acceptExamination(examination, 'The contract', baseDir)
}
