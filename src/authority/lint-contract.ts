import type { ExecutorConfig, ParsedConfig } from '../contract/schema.js'
import { namesSecret } from '../contract/secret-names.js'
import { finding, type LintFinding } from './lint-codes.js'

/** What holds for the whole contract: people, limits, sources, executors, adapters. */
export function* lintContract(config: ParsedConfig): Iterable<LintFinding> {
  const { mode, operators, approvals, rate_limits, sources, executors, adapters } = config
  const proposals = config.capabilities.filter(({ kind }) => kind === 'proposal')
  if (mode === 'review' && proposals.length > 0) {
    if (operators === undefined) {
      yield finding('OPERATORS_MISSING', ['operators'], 'The contract does not say who may decide.')
    }
    if (!approvals.separation_of_duties) {
      const message = 'Whoever proposes may approve it, too, unless a capability says otherwise.'
      yield finding('DUTIES_NOT_SEPARATED', ['approvals', 'separation_of_duties'], message)
    }
  }
  for (const { name } of proposals) {
    const own = rate_limits?.capabilities[name]
    const limits = [
      own?.open_proposals ?? rate_limits?.open_proposals,
      own?.proposals_per_day ?? rate_limits?.proposals_per_day,
    ]
    if (limits.some((limit) => limit !== undefined)) continue
    const message = `One tenant may have any number of proposals of ${name} waiting.`
    yield finding('PROPOSALS_UNLIMITED', ['rate_limits'], message)
  }
  for (const [name, { receipts }] of Object.entries(sources)) {
    if (receipts.authority !== 'runner_ledger') continue
    const message = 'Whether a change was made is known by the ledger alone, which a crash can part from the source.'
    yield finding('RECEIPTS_IN_LEDGER', ['sources', name, 'receipts', 'authority'], message)
  }
  for (const [name, executor] of Object.entries(executors)) yield* lintExecutor(executor, ['executors', name])
  for (const [name, { expose }] of Object.entries(adapters)) {
    if (expose !== undefined) continue
    const message = 'The framework is shown whatever the contract has, now and later.'
    yield finding('EVERYTHING_EXPOSED', ['adapters', name, 'expose'], message)
  }
}

function* lintExecutor(executor: ExecutorConfig, path: readonly string[]): Iterable<LintFinding> {
  if (executor.type === 'http_handler' && executor.signing_secret_env === undefined) {
    yield executor.auth === undefined
      ? finding('HANDLER_UNAUTHENTICATED', path, 'Anybody who reaches the handler can make it write.')
      : finding('HANDLER_UNSIGNED', path, 'The handler cannot tell an altered or repeated request from the real one.')
  }
  if (executor.type !== 'command_handler') return
  for (const [index, name] of (executor.pass_env ?? []).entries()) {
    if (!namesSecret(name)) continue
    yield finding('VARIABLE_PASSED', [...path, 'pass_env', index], `By its name ${name} holds a secret.`)
  }
}
