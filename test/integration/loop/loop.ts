import { join } from 'node:path'
import {
  type Config,
  createRunner,
  type GivenContext,
  type JsonScalar,
  type Proposal,
  type Runner,
  type Runtime,
} from '../../../src/index.js'
import type { Shop } from './shop.js'

/** What a test changes of the usual contract. */
export interface Change {
  readonly mode?: 'read_only' | 'shadow' | 'review'
  readonly propose?: Readonly<Record<string, unknown>>
  readonly inspect?: Readonly<Record<string, unknown>>
  readonly source?: Readonly<Record<string, unknown>>
  readonly config?: Readonly<Record<string, unknown>>
}

const target = { table: 'invoices', primary_key: 'id', tenant_key: 'tenant_id' }
const invoiceId = { type: 'string', max_length: 64 }

/** The billing contract over a shop. */
export function contractOf(shop: Shop, change: Change = {}): Config {
  const contract: unknown = {
    version: 1,
    mode: change.mode ?? 'review',
    sources: { shop: { ...shop.source, ...change.source } },
    capabilities: [
      {
        name: 'billing.inspect_invoice',
        kind: 'read',
        source: 'shop',
        target,
        args: { invoice_id: invoiceId },
        lookup: { id_from_arg: 'invoice_id' },
        visible_columns: ['id', 'customer', 'status', 'late_fee_cents', 'waiver_reason', 'amount'],
        max_rows: 1,
        ...change.inspect,
      },
      {
        name: 'billing.propose_late_fee_waiver',
        kind: 'proposal',
        source: 'shop',
        target,
        args: {
          invoice_id: invoiceId,
          reason: { type: 'string', max_length: 200 },
          fee: { type: 'integer', required: false },
        },
        lookup: { id_from_arg: 'invoice_id' },
        visible_columns: ['id', 'customer', 'status', 'late_fee_cents', 'waiver_reason'],
        max_rows: 1,
        patch: { late_fee_cents: { from_arg: 'fee' }, waiver_reason: { from_arg: 'reason' } },
        allowed_columns: ['late_fee_cents', 'waiver_reason'],
        numeric_bounds: { late_fee_cents: { minimum: 0, maximum: 10000 } },
        conflict_guard: { column: 'updated_at' },
        approval: { mode: 'human', required_role: 'billing_lead' },
        ...change.propose,
      },
    ],
    ...change.config,
  }
  return contract as Config
}

let ledgers = 0

type Arguments = Readonly<Record<string, JsonScalar>>

/** One test's world: a runner over the shop with a ledger of its own, and a fresh invoice. */
export interface Loop {
  readonly runner: Runner
  readonly ledger: string
  readonly invoice: string
  propose(args?: Arguments, context?: GivenContext): Promise<Proposal>
  /** Proposes, and has the lead approve. */
  approved(args?: Arguments): Promise<Proposal>
  /** Another runner on the same ledger: another process's view, or a changed contract. */
  again(change?: Change, runtime?: Runtime): Runner
  close(): Promise<void>
}

export const agent: GivenContext = { tenant_id: 'acme', principal: 'support_agent_17' }
export const lead = { id: 'dana', roles: ['billing_lead'] }

let invoices = 0

export async function openLoop(shop: Shop, change: Change = {}, runtime: Runtime = {}): Promise<Loop> {
  const invoice = `INV-${++invoices}`
  await insertInvoice(shop, invoice, 'acme')
  const ledger = join(shop.folder, `ledger-${++ledgers}.db`)
  const opened: Runner[] = []
  const again = (changed: Change = {}, other: Runtime = {}) => {
    const runner = createRunner(contractOf(shop, changed), {
      env: shop.env,
      ledger,
      logger: { info: () => undefined, warn: () => undefined },
      ...runtime,
      ...other,
    })
    opened.push(runner)
    return runner
  }
  const runner = again(change)
  if (change.source?.receipts === undefined && change.mode !== 'read_only') await runner.migrate('shop')
  const propose: Loop['propose'] = (args: Arguments = {}, context = agent) =>
    runner
      .session(context)
      .propose('billing.propose_late_fee_waiver', { invoice_id: invoice, reason: 'outage', fee: 0, ...args })
  return {
    runner,
    ledger,
    invoice,
    propose,
    approved: async (args) => {
      const proposal = await propose(args)
      return runner.approve(proposal.id, { hash: proposal.hash, approver: lead })
    },
    again,
    close: async () => {
      for (const each of opened) await each.close()
    },
  }
}

export function insertInvoice(shop: Shop, id: string, tenant: string): Promise<void> {
  return shop.run(`insert into invoices (id, tenant_id, customer, status, late_fee_cents, card_number, amount)
    values ('${id}', '${tenant}', 'Ann', 'open', 5500, 'card-4929', 120.50)`)
}
