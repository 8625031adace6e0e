import { describe, expectTypeOf, it } from 'vitest'
import {
  type Config,
  createRunner,
  defineConfig,
  type ExecutorFunctions,
  type FunctionExecutorName,
  type HandlerJob,
  type HandlerResult,
} from '../../src/index.js'

const config = defineConfig({
  version: 1,
  mode: 'review',
  executors: {
    billing: { type: 'function' },
    support: { type: 'http_handler', url_env: 'SUPPORT_URL' },
  },
})
const without = defineConfig({ version: 1, mode: 'review' })
const applied: HandlerResult = { status: 'applied', rows_affected: 1, source_database_mutated: true }

describe('functions of the host', () => {
  it('are named by the contract', () => {
    expectTypeOf<FunctionExecutorName<typeof config>>().toEqualTypeOf<'billing'>()
    expectTypeOf<FunctionExecutorName<typeof without>>().toEqualTypeOf<never>()
    expectTypeOf<FunctionExecutorName<Config>>().toEqualTypeOf<string>()
    createRunner(config, { executors: { billing: () => applied } })
    // @ts-expect-error An executor that is no function is not given one.
    createRunner(config, { executors: { support: () => applied } })
    // @ts-expect-error The contract has no executor of this name.
    createRunner(config, { executors: { biling: () => applied } })
  })

  it('get a job that they cannot change, and give an answer', () => {
    const functions: ExecutorFunctions<typeof config> = {
      billing: async (job, { signal }) => {
        expectTypeOf(job).toEqualTypeOf<HandlerJob>()
        expectTypeOf(signal).toEqualTypeOf<AbortSignal>()
        // @ts-expect-error It is the same on every try.
        job.change_set.patch.amount = 1
        return applied
      },
    }
    expectTypeOf(functions.billing).not.toBeAny()
    // @ts-expect-error A status of its own.
    createRunner(config, { executors: { billing: () => ({ ...applied, status: 'done' }) } })
    const wrong = { status: 'applied', rows_affected: 1, source_database_mutated: false } as const
    // @ts-expect-error Applied, and nothing changed.
    createRunner(config, { executors: { billing: () => wrong } })
    const torn = { status: 'failed', source_database_mutated: true } as const
    // @ts-expect-error Failed, and something changed.
    createRunner(config, { executors: { billing: () => torn } })
  })
})
