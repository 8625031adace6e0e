/** A support desk that refunds orders: its database, its contract, and one workflow in two forms. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { createRunner, defineConfig, type WorkflowFunction } from '../../src/index.js'

/** The tables, with one ticket that waits. */
export const SEED = `
  create table tickets (id text primary key, tenant_id text not null, order_id text not null, policy_id text not null,
    status text not null, version integer not null);
  create table policies (id text primary key, tenant_id text not null, rule text not null, refunds text not null);
  create table orders (id text primary key, tenant_id text not null, refund_cents integer not null,
    refund_reason text, version integer not null);
  insert into tickets values ('T-1042', 'acme', 'O-77', 'damaged', 'open', 1);
  insert into policies values ('damaged', 'acme', 'What arrives broken is refunded.', 'allowed');
  insert into orders values ('O-77', 'acme', 0, null, 1);
`

const source = 'desk'
const table = (name: string) => ({ table: name, primary_key: 'id', tenant_key: 'tenant_id' })
const id = { type: 'string', max_length: 40 } as const
const refund_cents = { type: 'integer', minimum: 1, maximum: 50000 } as const
const reason = { type: 'string', max_length: 200 } as const

const tickets = {
  source,
  target: table('tickets'),
  args: { ticket_id: id },
  lookup: { id_from_arg: 'ticket_id' },
} as const
const capabilities = [
  {
    ...tickets,
    name: 'support.inspect_ticket',
    kind: 'read',
    visible_columns: ['id', 'order_id', 'policy_id', 'status'],
  },
  {
    name: 'support.inspect_policy',
    kind: 'read',
    source,
    target: table('policies'),
    args: { policy_id: id },
    lookup: { id_from_arg: 'policy_id' },
    visible_columns: ['id', 'rule', 'refunds'],
  },
  {
    name: 'support.propose_refund',
    kind: 'proposal',
    source,
    target: table('orders'),
    args: { order_id: id, refund_cents, reason },
    lookup: { id_from_arg: 'order_id' },
    visible_columns: ['id', 'refund_cents', 'refund_reason'],
    patch: { refund_cents: { from_arg: 'refund_cents' }, refund_reason: { from_arg: 'reason' } },
    allowed_columns: ['refund_cents', 'refund_reason'],
    numeric_bounds: { refund_cents: { minimum: 1, maximum: 50000 } },
    conflict_guard: { column: 'version' },
    risk: 'high',
  },
  {
    ...tickets,
    name: 'support.propose_close',
    kind: 'proposal',
    visible_columns: ['id', 'status'],
    patch: { status: { fixed: 'closed' } },
    allowed_columns: ['status'],
    transition_guards: { status: { allowed: { open: ['closed'] } } },
    conflict_guard: { column: 'version' },
    risk: 'low',
  },
] as const

// What both forms of the workflow have in common.
const rules = {
  version: '1',
  description: 'Refunds the order of one ticket, and closes the ticket.',
  input: { ticket_id: id, refund_cents, reason },
  session_require: ['tenant_id', 'principal'],
  allowed_capabilities: [
    'support.inspect_ticket',
    'support.inspect_policy',
    'support.propose_refund',
    'support.propose_close',
  ],
  evidence: 'required',
  approvals: [{ on_risk: 'high', required_role: 'support_lead' }],
} as const

// #region data
const ifAllowed = { when: { from_step: 'allowed', field: 'holds', equals: true } } as const

const refundTicketSteps = [
  { key: 'ticket', capability: 'support.inspect_ticket', args: { ticket_id: { from_input: 'ticket_id' } } },
  {
    key: 'policy',
    capability: 'support.inspect_policy',
    args: { policy_id: { from_step: 'ticket', field: 'policy_id' } },
  },
  { key: 'allowed', when: { from_step: 'policy', field: 'refunds', equals: 'allowed' } },
  {
    key: 'refund',
    capability: 'support.propose_refund',
    args: {
      order_id: { from_step: 'ticket', field: 'order_id' },
      refund_cents: { from_input: 'refund_cents' },
      reason: { from_input: 'reason' },
    },
    ...ifAllowed,
  },
  { key: 'refund_decision', await: 'approval', of: 'refund', ...ifAllowed },
  { key: 'refund_applied', apply: 'refund', ...ifAllowed },
  {
    key: 'close',
    capability: 'support.propose_close',
    args: { ticket_id: { from_input: 'ticket_id' } },
    ...ifAllowed,
  },
  { key: 'close_decision', await: 'approval', of: 'close', ...ifAllowed },
  { key: 'close_applied', apply: 'close', ...ifAllowed },
] as const
// #endregion

/** Stands for the app's own mail. */
function sendMail(text: string): void {
  console.log(`mail: ${text}`)
}

// #region contract
export const contract = defineConfig({
  version: 1,
  mode: 'review',
  sources: { desk: { engine: 'sqlite', path: 'desk.db' } },
  operators: { mira: { roles: ['support_lead'] }, jon: { roles: ['support_lead'] } },
  capabilities,
  workflows: [
    { ...rules, name: 'support.ticket_refund_flow', steps: refundTicketSteps },
    { ...rules, name: 'support.ticket_refund_code' },
  ],
  adapters: {
    agent: {
      type: 'function_calling',
      expose: [{ workflow: 'support.ticket_refund_flow', as: 'resolve_support_ticket' }],
    },
  },
})
// #endregion

// #region function
type Refund = WorkflowFunction<typeof contract, 'support.ticket_refund_code'>

const refundTicket: Refund = async (flow, { ticket_id, refund_cents, reason }) => {
  const ticket = await flow.inspect('ticket', 'support.inspect_ticket', { ticket_id })
  const { order_id, policy_id } = ticket.data
  const policy = await flow.inspect('policy', 'support.inspect_policy', { policy_id: String(policy_id) })
  if (policy.data.refunds !== 'allowed') return { refunded: false }

  const refund = await flow.propose('refund', 'support.propose_refund', {
    order_id: String(order_id),
    refund_cents,
    reason,
  })
  await flow.awaitDecision('refund_decision', refund)
  await flow.awaitApplied('refund_applied', refund)
  await flow.step('mail', () => sendMail(`Your refund for ${order_id} is on its way.`))

  const close = await flow.propose('close', 'support.propose_close', { ticket_id })
  await flow.awaitDecision('close_decision', close)
  await flow.awaitApplied('close_applied', close)
  return { refunded: true }
}
// #endregion

// #region runner
function createDeskRunner(folder: string) {
  return createRunner(contract, {
    base_dir: folder,
    workflows: { 'support.ticket_refund_code': refundTicket },
    logger: { info: () => {}, warn: console.error },
  })
}
// #endregion

export type Desk = Awaited<ReturnType<typeof openDesk>>

/** Opens the desk in a folder: a fresh one, or, in another process, the one that is there. */
export async function openDesk(folder = mkdtempSync(join(tmpdir(), 'synapsor-desk-'))) {
  const isNew = !existsSync(join(folder, 'desk.db'))
  const database = new DatabaseSync(join(folder, 'desk.db'))
  if (isNew) database.exec(`pragma journal_mode = wal; ${SEED}`)

  const runner = createDeskRunner(folder)
  if (isNew) await runner.migrate('desk')
  return {
    folder,
    runner,
    session: runner.session({ tenant_id: 'acme', principal: 'support_agent_17', on_behalf_of: 'jon' }),
    mira: runner.reviewer({ id: 'mira', tenant_id: 'acme' }),
    /** The rows as they are, read past the runner. */
    rows: () => ({
      order: { ...database.prepare('select refund_cents, version from orders').get() },
      ticket: { ...database.prepare('select status, version from tickets').get() },
    }),
    async close() {
      await runner.close()
      database.close()
    },
    remove: () => rmSync(folder, { recursive: true }),
  }
}
