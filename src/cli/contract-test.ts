import { dirname } from 'node:path'
import { parseContractCases } from '../contract-test/cases.js'
import { type ContractTestReport, createRunner, loadConfig, runContractTests } from '../index.js'
import { given } from './given.js'
import type { Io } from './io.js'

interface Run {
  readonly filter: string | undefined
  readonly io: Io
}

/** Runs cases on a runner of their own: what it records is gone when it closes, and it counts no limits. */
export async function runCases(path: string, cases: unknown, { filter, io }: Run): Promise<ContractTestReport> {
  const parsed = parseContractCases(cases)
  const { rate_limits: _, ...config } = loadConfig(path)
  const runner = createRunner(config, {
    ...io.runtime,
    env: io.env,
    ledger: ':memory:',
    base_dir: dirname(path),
    logger: { info: () => undefined, warn: (message) => io.err(`synapsor-runner warn: ${message}\n`) },
  })
  try {
    return await runContractTests(runner, parsed, given({ filter }))
  } finally {
    await runner.close()
  }
}
