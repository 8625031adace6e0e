/** A process that applies what it is told to, until it is killed. It says when it begins, and how each ended. */
import { createRunner, isRunnerError } from '../../../src/index.js'
import type { Shop } from '../loop/shop.js'
import { voucherContract } from './vouchers.js'

/** What the child is told, once. */
export interface Orders {
  readonly source: Shop['source']
  readonly env: Shop['env']
  readonly ledger: string
  readonly ids: readonly string[]
}

process.on('message', ({ source, env, ledger, ids }: Orders) => {
  const runner = createRunner(voucherContract(source), { env, ledger })
  const applyAll = async (): Promise<void> => {
    for (const id of ids) tell(await runner.apply(id).then(({ status }) => status, codeOf))
    tell('done')
  }
  tell('begun')
  void applyAll()
})

function codeOf(error: unknown): string {
  return isRunnerError(error) ? error.code : String(error)
}

function tell(what: string): void {
  process.send?.(what)
}

tell('ready')
