// How an app tests what it does with a runner: no server, no file of the ledger, time under control.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { createRunner, isRunnerError } from '../src/index.js'
import { fixedClock, memoryLedger } from '../src/testing/index.js'

const folder = mkdtempSync(join(tmpdir(), 'synapsor-example-'))
new DatabaseSync(join(folder, 'shop.db')).exec(`
  create table orders (id text primary key, tenant_id text not null, note text, version integer not null);
  insert into orders values ('ORD-1', 'acme', null, 1);
`)

// #region test
const clock = fixedClock('2030-01-01T00:00:00Z')
const runner = createRunner(
  {
    version: 1,
    mode: 'review',
    sources: { shop: { engine: 'sqlite', path: 'shop.db' } },
    capabilities: [
      {
        name: 'orders.propose_note',
        kind: 'proposal',
        source: 'shop',
        target: { table: 'orders', primary_key: 'id', tenant_key: 'tenant_id' },
        args: { order_id: { type: 'string' }, note: { type: 'string', max_length: 100 } },
        lookup: { id_from_arg: 'order_id' },
        visible_columns: ['id', 'note'],
        patch: { note: { from_arg: 'note' } },
        allowed_columns: ['note'],
        conflict_guard: { column: 'version' },
        expires_in_seconds: 3600,
      },
    ],
  },
  { base_dir: folder, ledger: memoryLedger(), clock },
)
const session = runner.session({ tenant_id: 'acme', principal: 'agent' })
const proposal = await session.propose('orders.propose_note', { order_id: 'ORD-1', note: 'Ring twice.' })
console.log(proposal.expires_at)

clock.advance(3600 * 1000)
const approval = { hash: proposal.hash, approver: { id: 'dana' } }
const late = await runner.approve(proposal.id, approval).catch((error: unknown) => error)
console.log(isRunnerError(late) ? late.code : 'approved')
// #endregion

await runner.close()
rmSync(folder, { recursive: true })
