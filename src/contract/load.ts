import { readFileSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { RunnerError } from '../errors.js'
import { acceptExamination } from './parse.js'
import type { ParsedConfig } from './schema.js'
import { examineConfigText } from './validate-text.js'

/**
 * The text of a contract.
 *
 * @throws RunnerError `CONFIG_INVALID` where it cannot be read.
 */
export function readContract(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new RunnerError('CONFIG_INVALID', `No contract could be read at ${file}.`, {
      details: { file, errors: [] },
      next: 'Create the file, or give the path of the contract.',
      cause,
    })
  }
}

/**
 * Loads a contract from a JSON file. Relative paths in it are relative to its folder, also for a runner made of what is returned.
 *
 * @param path the file, relative to the current folder; `synapsor.runner.json` unless said otherwise.
 * @throws RunnerError `CONFIG_INVALID` with all problems in `details.errors`, each with line and column; also where
 * there is no such file.
 */
export function loadConfig(path = 'synapsor.runner.json'): ParsedConfig {
  const file = resolve(path)
  const text = readContract(file)
  return acceptExamination(examineConfigText(text), basename(file), dirname(file))
}
