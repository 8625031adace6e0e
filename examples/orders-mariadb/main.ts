// The status of orders on MariaDB: which may follow which, a conflict, and another try. `--keep` leaves the database.
// Runs by itself: npm run example:orders-mariadb
import { refusalOf } from '../reference/outcome.js'
import { play } from '../reference/play.js'
import { showReplay } from '../reference/replay.js'
import { openOrders } from './app.js'

await play(openOrders, async ({ runner, database }) => {
  const session = runner.session()
  const omar = runner.reviewer({ id: 'omar', tenant_id: 'acme' })

  // #region happy-path
  const order = await session.inspect('orders.inspect_order', { order_id: 'ORD-7001' })
  console.log('the agent reads:', order.data)
  const back = { order_id: 'ORD-7001', status: 'returned', note: 'The parcel came back.' } as const
  const proposal = await session.propose('orders.propose_status_change', back)
  console.log('and proposes:', proposal.status, proposal.diff.status)
  await omar.approve(proposal.id, { hash: proposal.hash })
  console.log('omar approves, the operator applies:', (await runner.apply(proposal.id)).status)
  console.log('and applies again:', (await runner.apply(proposal.id)).status)
  // #endregion

  // #region transitions
  const afterwards = { order_id: 'ORD-7001', status: 'shipped', note: 'Send it once more.' } as const
  const refused = session.propose('orders.propose_status_change', afterwards)
  console.log('what came back is not shipped:', await refusalOf(refused))
  const foreign = { order_id: 'ORD-9001', status: 'shipped', note: 'Send it.' } as const
  const hidden = session.propose('orders.propose_status_change', foreign)
  console.log('the order of globex is not there:', await refusalOf(hidden))
  // #endregion

  // #region conflict
  const ship = { order_id: 'ORD-7002', status: 'shipped', note: 'Ready to go.' } as const
  const late = await session.propose('orders.propose_status_change', ship)
  await omar.approve(late.id, { hash: late.hash })
  await database.run(`update orders set total_cents = 3100 where id = 'ORD-7002'`)
  const conflict = await runner.apply(late.id)
  console.log('the total of ORD-7002 changed meanwhile:', conflict.status, conflict.safe_error_code)

  const again = await session.propose('orders.propose_status_change', ship)
  await omar.approve(again.id, { hash: again.hash })
  console.log('proposed and approved again:', (await runner.apply(again.id)).status)
  // #endregion

  console.log(await database.rows('select id, status, status_note, total_cents from orders order by id'))
  await showReplay(runner, again.id, ['Timeline'])
})
