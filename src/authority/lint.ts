import { parseConfig } from '../contract/parse.js'
import type { Config } from '../contract/schema.js'
import { validateConfig } from '../contract/validate.js'
import { lintCapability } from './lint-capability.js'
import { fromWarning, type LintFinding, type LintSeverity } from './lint-codes.js'
import { lintContract } from './lint-contract.js'
import { lintProposal } from './lint-proposal.js'

const ORDER: Readonly<Record<LintSeverity, number>> = { error: 0, warning: 1, info: 2 }

/**
 * Finds choices in a valid contract that are risky, the worst first. The warnings of `validateConfig` are among them.
 * Columns are judged by their names alone: no database is asked.
 *
 * @throws RunnerError `CONFIG_INVALID` where the contract is not valid.
 *
 * @example
 * ```ts
 * import { lintConfig, loadConfig } from '@synapsor/runner'
 *
 * for (const { severity, path, message, next } of lintConfig(loadConfig('synapsor.runner.json'))) {
 *   console.log(severity, path, message, next)
 * }
 * ```
 */
export function lintConfig(config: Config): readonly LintFinding[] {
  const parsed = parseConfig(config)
  const { warnings } = validateConfig(config)
  const findings = [
    ...warnings.map(fromWarning),
    ...lintContract(parsed),
    ...parsed.capabilities.flatMap((capability, index) => {
      const path = ['capabilities', index]
      const own = [...lintCapability(capability, path)]
      return capability.kind === 'proposal' ? [...own, ...lintProposal(parsed, capability, path)] : own
    }),
  ]
  return findings.sort((one, other) => ORDER[one.severity] - ORDER[other.severity])
}
