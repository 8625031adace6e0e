/** Calls a runner for as long as it is told, and prints the memory of its process at two moments as JSON. */
import { join } from 'node:path'
import { openSqlite } from '../../src/drivers/sqlite-library.js'
import { createRunner } from '../../src/index.js'
import { agent, contractOf, INSPECT, invoiceId } from '../contract.js'
import { apply, approve, propose } from '../loop.js'
import { createShop } from '../worlds/sqlite.js'
import { settledMemory } from './settled-memory.js'

const ROWS = 1000
const INSPECTS_PER_CYCLE = 10

const [folder = '', early = '', late = ''] = process.argv.slice(2)
const path = join(folder, 'shop.db')
await createShop({ openSqlite }, path, ROWS)

const runner = createRunner(contractOf({ engine: 'sqlite', path }), {
  ledger: join(folder, 'ledger.db'),
  logger: { info: () => undefined, warn: () => undefined },
})
await runner.migrate('shop')
const early_mb = await memoryAfter(0, Number(early))
const late_mb = await memoryAfter(Number(early), Number(late))
await runner.close()
console.log(JSON.stringify({ early_mb, late_mb }))

async function memoryAfter(from: number, to: number): Promise<number> {
  const session = runner.session(agent)
  for (let turn = from; turn < to; turn++) {
    for (let call = 0; call < INSPECTS_PER_CYCLE; call++) {
      await session.inspect(INSPECT, { invoice_id: invoiceId((turn * INSPECTS_PER_CYCLE + call) % ROWS) })
    }
    const proposal = await approve(runner, await propose(runner, turn % ROWS, turn))
    await apply(runner, proposal)
  }
  return settledMemory()
}
