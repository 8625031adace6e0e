import { RunnerError } from '../errors.js'
import type { Runner } from '../index.js'

/** @throws RunnerError `CONFIG_INVALID` for a name that no source of the contract has. */
export function assertSource({ config }: Runner, name: string): void {
  if (Object.hasOwn(config.sources, name)) return
  throw new RunnerError('CONFIG_INVALID', 'The contract has no source of this name.', {
    next: `Its sources are: ${Object.keys(config.sources).join(', ')}.`,
  })
}
