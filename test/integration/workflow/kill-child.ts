/** A process that moves a run and ends itself without a word at the n-th time that it writes to the ledger. */
import { createRunner, type Ledger } from '../../../src/index.js'
import { openSqliteLedger } from '../../../src/ledger/sqlite.js'
import { agent, contractOf } from '../loop/loop.js'
import type { Shop } from '../loop/shop.js'
import { killRuntime } from './kill-flow.js'
import { FLOW, type Form, flowChange } from './waiver-flow.js'

/** What the child is told, as JSON. */
export interface Orders {
  readonly source: Shop['source']
  readonly env: Shop['env']
  readonly ledger: string
  readonly form: Form
  readonly input: { readonly invoice_id: string; readonly reason: string }
  /** The run to resume; without one, it is started. */
  readonly run_id?: string
  readonly kill: { readonly at: number; readonly when: 'before' | 'after' }
}

const { source, env, ledger: path, form, input, run_id, kill }: Orders = JSON.parse(process.argv[2] ?? '')

let writes = 0
function mortal(ledger: Ledger): Ledger {
  const counted =
    <Args extends unknown[], Result>(write: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      writes += 1
      const isLast = writes === kill.at
      if (isLast && kill.when === 'before') process.kill(process.pid, 'SIGKILL')
      const result = await write(...args)
      if (isLast) process.kill(process.pid, 'SIGKILL')
      return result
    }
  return new Proxy(ledger, {
    get: (target, name) => {
      const method: unknown = Reflect.get(target, name, target)
      if (typeof method !== 'function') return method
      const bound = method.bind(target)
      return name === 'append' || name === 'recordRead' ? counted(bound) : bound
    },
  })
}

const logger = { info: () => undefined, warn: () => undefined }
const runner = createRunner(contractOf({ source } as Shop, flowChange(form)), {
  env,
  logger,
  ledger: mortal(openSqliteLedger({ path, logger })),
  ...killRuntime(form),
})
if (run_id === undefined) await runner.session(agent).workflow(FLOW).start(input)
else await runner.resume(run_id)
process.exit(0)
