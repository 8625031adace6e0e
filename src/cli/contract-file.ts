import { basename } from 'node:path'
import { RunnerError } from '../errors.js'
import type { ContractProblem } from '../index.js'
import type { Io } from './io.js'
import { contractPath } from './open-runner.js'
import { text } from './options.js'

/** For commands that look at the file itself, valid or not. */
export const CONTRACT_OPTIONS = {
  config: text('--config <file>', 'The contract. Default: SYNAPSOR_CONFIG, else synapsor.runner.json.'),
}

/** The text of a contract, and where it lies. */
export interface ContractFile {
  readonly path: string
  readonly name: string
  readonly text: string
}

/**
 * Reads the contract of `--config`, or of the argument that stands for it.
 *
 * @throws RunnerError `CONFIG_INVALID` where it cannot be read.
 */
export async function readContractFile(given: string | undefined, io: Io): Promise<ContractFile> {
  const { readContract } = await import('../contract/load.js')
  const path = contractPath(given, io)
  return { path, name: basename(path), text: readContract(path) }
}

/**
 * What a contract holds, whether or not it means anything.
 *
 * @throws RunnerError `CONFIG_INVALID` for what is no JSON, or says a thing twice: nothing must be lost unnoticed.
 */
export async function parseTree({ name, text: content }: ContractFile): Promise<unknown> {
  const { readText } = await import('../contract/parse-text.js')
  const { value, problems } = readText(content)
  if (problems.length === 0) return value
  throw invalid(name, problems)
}

function invalid(name: string, errors: readonly ContractProblem[]): RunnerError {
  return new RunnerError('CONFIG_INVALID', `${name} is not JSON that a contract can be read from.`, {
    details: { errors, warnings: [] },
  })
}
