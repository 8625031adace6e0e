// biome-ignore-all lint: written by synapsor-runner types
// biome-ignore-all format: written by synapsor-runner types
// Types of synapsor.runner.json, written by synapsor-runner types. Write them again when the contract has changed.
// Use them as: createRunner(loadConfig('synapsor.runner.json') as Contract)

import type { ParsedConfig } from '../../src/index.js'

type As<General, Literal> = Omit<General, keyof Literal> & Literal
type Read<Literal> = As<Extract<ParsedConfig['capabilities'][number], { readonly kind: 'read' }>, Literal>
type Proposal<Literal> = As<Extract<ParsedConfig['capabilities'][number], { readonly kind: 'proposal' }>, Literal>
type Adapter<Literal> = As<ParsedConfig['adapters'][string], Literal>
type Workflow<Literal> = As<ParsedConfig['workflows'][number], Literal>

export interface Contract extends Omit<ParsedConfig, 'mode' | 'capabilities' | 'adapters' | 'workflows'> {
  readonly mode: "review"
  readonly capabilities: readonly [
    Read<{
      readonly name: "orders.inspect_order"
      readonly kind: "read"
      readonly args: {
        readonly order_id: { readonly type: "string"; readonly required: true }
      }
      readonly visible_columns: readonly ["id", "account_id", "status", "total_cents"]
      readonly max_rows: 1
    }>,
    Read<{
      readonly name: "accounts.inspect_account"
      readonly kind: "read"
      readonly args: {
        readonly account_id: { readonly type: "string"; readonly required: true }
      }
      readonly visible_columns: readonly ["id", "holder", "plan"]
      readonly max_rows: 1
    }>,
    Proposal<{
      readonly name: "refunds.propose_review"
      readonly kind: "proposal"
      readonly args: {
        readonly order_id: { readonly type: "string"; readonly required: true }
        readonly amount_cents: { readonly type: "integer"; readonly required: true }
        readonly reason: { readonly type: "string"; readonly required: true }
      }
      readonly visible_columns: readonly ["id", "account_id", "status", "total_cents"]
      readonly max_rows: 1
    }>,
    Proposal<{
      readonly name: "credits.propose_credit"
      readonly kind: "proposal"
      readonly args: {
        readonly account_id: { readonly type: "string"; readonly required: true }
        readonly amount_cents: { readonly type: "integer"; readonly required: true }
        readonly note: { readonly type: "string"; readonly required: true }
      }
      readonly visible_columns: readonly ["id", "holder", "plan"]
      readonly max_rows: 1
    }>,
    Proposal<{
      readonly name: "tickets.propose_ticket"
      readonly kind: "proposal"
      readonly args: {
        readonly account_id: { readonly type: "string"; readonly required: true }
        readonly subject: { readonly type: "string"; readonly required: true }
        readonly priority: { readonly type: "string"; readonly required: true; readonly enum: readonly ["normal", "urgent"] }
      }
      readonly visible_columns: readonly ["id", "holder", "plan"]
      readonly max_rows: 1
    }>,
    Proposal<{
      readonly name: "trials.propose_extension"
      readonly kind: "proposal"
      readonly args: {
        readonly subscription_id: { readonly type: "string"; readonly required: true }
        readonly days: { readonly type: "integer"; readonly required: true }
        readonly reason: { readonly type: "string"; readonly required: true }
      }
      readonly visible_columns: readonly ["id", "account_id", "trial_ends_on"]
      readonly max_rows: 1
    }>,
  ]
  readonly adapters: {}
  readonly workflows: readonly []
}
