import { findCapability } from '../contract/resolve.js'
import { isRunnerError, RunnerError } from '../errors.js'
import type { Runner } from '../runner.js'
import { type CaseSession, openCaseSession } from './case-session.js'
import { type ContractCase, type ContractCases, parseContractCases } from './cases.js'
import { compareOutcome } from './compare.js'
import { callCase, type Outcome } from './outcome.js'
import type { ContractCaseDifference, ContractCaseResult, ContractTestReport } from './report.js'

/** How cases are run. */
export interface ContractTestOptions {
  /** Runs only cases whose name holds this text. */
  readonly filter?: string
}

/**
 * Makes the calls of a file of cases, one after the other, and holds what becomes of each against what the file says.
 * The source is read and never written; what is proposed is withdrawn at once, unless it was there before.
 *
 * Evidence and proposals go to the ledger of the runner: give it one in memory, so that they end with it. A contract with
 * `rate_limits` counts these calls, too.
 *
 * @throws RunnerError `INVALID_ARGUMENT` for cases that are not valid, with every problem in `details.errors`, and for a filter
 * that fits no case. What a call
 * is refused with is part of the report.
 *
 * @example
 * ```ts
 * import { createRunner, loadConfig, runContractTests } from '@synapsor/runner'
 *
 * const runner = createRunner(loadConfig('synapsor.runner.json'), { ledger: ':memory:' })
 * const report = await runContractTests(runner, {
 *   schema_version: 'synapsor.contract-cases.v1',
 *   cases: [
 *     {
 *       name: 'no invoice of another tenant',
 *       capability: 'billing.inspect_invoice',
 *       context: { tenant_id: 'acme', principal: 'support_agent_17' },
 *       args: { invoice_id: 'INV-9001' },
 *       expect: { refused: 'NOT_FOUND' },
 *     },
 *   ],
 * })
 * await runner.close()
 * ```
 */
export async function runContractTests(
  runner: Runner,
  cases: ContractCases,
  { filter = '' }: ContractTestOptions = {},
): Promise<ContractTestReport> {
  const parsed = parseContractCases(cases)
  const chosen = parsed.cases.filter(({ name }) => name.includes(filter))
  // A filter that lets nothing through would make everything pass.
  if (chosen.length === 0) throw nothingFound(filter)
  const results: ContractCaseResult[] = []
  for (const each of chosen) results.push(await runCase(runner, each))
  const failed = results.filter(({ ok }) => !ok).length
  const called = new Set(parsed.cases.map(({ capability }) => capability))
  return {
    ok: failed === 0,
    passed: results.length - failed,
    failed,
    cases: results,
    uncovered: runner.config.capabilities.map(({ name }) => name).filter((name) => !called.has(name)),
  }
}

function nothingFound(filter: string): RunnerError {
  return new RunnerError('INVALID_ARGUMENT', `No case has a name with ${JSON.stringify(filter)} in it.`, {
    details: { argument: 'filter' },
    next: 'Filter by a part of the name of a case, as it is written.',
  })
}

async function runCase(runner: Runner, call: ContractCase): Promise<ContractCaseResult> {
  const differences = await differencesOf(runner, call)
  return { name: call.name, capability: call.capability, ok: differences.length === 0, differences }
}

async function differencesOf(runner: Runner, call: ContractCase): Promise<readonly ContractCaseDifference[]> {
  const visible = findCapability(runner.config, call.capability)?.visible_columns ?? []
  const opened = open(runner, call)
  if ('problem' in opened) return [opened.problem]
  const outcome = 'session' in opened ? await callCase(runner, opened.session, call) : opened
  return compareOutcome(call.expect, outcome, visible)
}

/** A context that makes no session is a refusal, too. */
function open(runner: Runner, call: ContractCase): CaseSession | Outcome {
  try {
    return openCaseSession(runner, call)
  } catch (error) {
    if (!isRunnerError(error)) throw error
    return { kind: 'refused', error }
  }
}
