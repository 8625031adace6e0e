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
      readonly name: "support.inspect_ticket"
      readonly kind: "read"
      readonly args: {
        readonly ticket_id: { readonly type: "string"; readonly required: true }
      }
      readonly visible_columns: readonly ["id", "account_id", "subject", "status", "last_message"]
      readonly max_rows: 1
    }>,
    Proposal<{
      readonly name: "support.propose_plan_credit"
      readonly kind: "proposal"
      readonly args: {
        readonly account_id: { readonly type: "string"; readonly required: true }
        readonly credit_cents: { readonly type: "integer"; readonly required: true }
        readonly reason: { readonly type: "string"; readonly required: true }
      }
      readonly visible_columns: readonly ["id", "holder", "credit_cents", "credit_reason"]
      readonly max_rows: 1
    }>,
    Read<{
      readonly name: "billing.inspect_invoice"
      readonly kind: "read"
      readonly args: {
        readonly invoice_id: { readonly type: "string"; readonly required: true }
      }
      readonly visible_columns: readonly ["id", "customer", "status", "balance_cents", "late_fee_cents", "waiver_reason"]
      readonly max_rows: 1
    }>,
    Proposal<{
      readonly name: "billing.propose_late_fee_waiver"
      readonly kind: "proposal"
      readonly args: {
        readonly invoice_id: { readonly type: "string"; readonly required: true }
        readonly reason: { readonly type: "string"; readonly required: true }
      }
      readonly visible_columns: readonly ["id", "customer", "status", "balance_cents", "late_fee_cents", "waiver_reason"]
      readonly max_rows: 1
    }>,
  ]
  readonly adapters: {}
  readonly workflows: readonly []
}
