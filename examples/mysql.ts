// One reviewed change in MySQL or MariaDB, from a contract in TypeScript.
//
//   mysql --database shop < recipes/orders.refund_review.sql
//   ORDERS_READ_URL=mysql://reader:…@localhost/shop ORDERS_WRITE_URL=mysql://writer:…@localhost/shop \
//     node --import tsx examples/mysql.ts
import { createRunner, defineConfig } from '../src/index.js'

const { ORDERS_READ_URL, ORDERS_WRITE_URL } = process.env
if (ORDERS_READ_URL === undefined || ORDERS_WRITE_URL === undefined) {
  console.error(
    'Set ORDERS_READ_URL and ORDERS_WRITE_URL to a database in which recipes/orders.refund_review.sql was run.',
  )
  process.exit(1)
}

// #region contract
const schema = new URL(ORDERS_READ_URL).pathname.slice(1)

const config = defineConfig({
  version: 1,
  mode: 'review',
  sources: { orders: { engine: 'mysql', read_url_env: 'ORDERS_READ_URL', write_url_env: 'ORDERS_WRITE_URL' } },
  operators: { omar: { roles: ['ops_lead'] } },
  capabilities: [
    {
      name: 'orders.propose_refund_review',
      kind: 'proposal',
      source: 'orders',
      target: { schema, table: 'orders', primary_key: 'id', tenant_key: 'tenant_id' },
      args: {
        order_id: { type: 'string', max_length: 64 },
        refund_cents: { type: 'integer', minimum: 1 },
        reason: { type: 'string', max_length: 500 },
      },
      lookup: { id_from_arg: 'order_id' },
      visible_columns: ['id', 'status', 'total_cents', 'refund_cents', 'refund_reason'],
      patch: {
        status: { fixed: 'refund_requested' },
        refund_cents: { from_arg: 'refund_cents' },
        refund_reason: { from_arg: 'reason' },
      },
      allowed_columns: ['status', 'refund_cents', 'refund_reason'],
      numeric_bounds: { refund_cents: { minimum: 0, maximum: 100000 } },
      transition_guards: { status: { allowed: { paid: ['refund_requested'], shipped: ['refund_requested'] } } },
      conflict_guard: { column: 'updated_at' },
      approval: { required_role: 'ops_lead' },
    },
  ],
})
// #endregion

const runner = createRunner(config, { ledger: ':memory:' })
await runner.migrate('orders')

const session = runner.session({ tenant_id: 'acme', principal: 'order_agent_4' })
const proposal = await session.propose('orders.propose_refund_review', {
  order_id: 'ORD-7001',
  refund_cents: 2500,
  reason: 'One of two lamps arrived broken.',
})
console.log(proposal.status, proposal.diff)

await runner.reviewer({ id: 'omar', tenant_id: 'acme' }).approve(proposal.id, { hash: proposal.hash })

const receipt = await runner.apply(proposal.id)
console.log(receipt.status, receipt.previous_version, '->', receipt.new_version)

await runner.close()
