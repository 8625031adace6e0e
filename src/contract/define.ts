import type { Exact } from './infer.js'
import type { Config } from './schema.js'

/**
 * Declares a contract in TypeScript. Names, arguments, enumerations and visible columns are kept as literal types, so
 * that the runner made from it checks calls at compile time; a misspelled key does not compile.
 *
 * Returns `config` as it is. `createRunner` validates it.
 *
 * @example
 * ```ts
 * import { createRunner, defineConfig } from '@synapsor/runner'
 *
 * const config = defineConfig({
 *   version: 1,
 *   mode: 'read_only',
 *   sources: { shop: { engine: 'sqlite', path: 'shop.db' } },
 *   capabilities: [
 *     {
 *       name: 'billing.inspect_invoice',
 *       kind: 'read',
 *       source: 'shop',
 *       target: { table: 'invoices', primary_key: 'id', tenant_key: 'tenant_id' },
 *       args: { invoice_id: { type: 'string' } },
 *       lookup: { id_from_arg: 'invoice_id' },
 *       visible_columns: ['id', 'late_fee'],
 *     },
 *   ],
 * })
 * const session = createRunner(config).session({ tenant_id: 'acme', principal: 'support_agent_17' })
 * const { data } = await session.inspect('billing.inspect_invoice', { invoice_id: 'INV-3001' })
 * console.log(data.late_fee)
 * ```
 */
export function defineConfig<const C extends Config>(config: C & Exact<Config, C>): C {
  return config
}
