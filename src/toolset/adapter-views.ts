import type { Contract } from '../capability/compile.js'
import type { AdapterConfig } from '../contract/schema.js'
import { bindSpecs, type ToolSpec } from './tool-spec.js'

/** What one adapter of the contract exposes. */
export interface AdapterView {
  readonly name: string
  readonly type: AdapterConfig['type']
  readonly tools: readonly Pick<ToolSpec, 'name' | 'wire_name' | 'kind' | 'capability' | 'inline_evidence'>[]
}

/** Lists the adapters of a contract with their tools. */
export function adapterViews(contract: Contract): readonly AdapterView[] {
  return Object.entries(contract.config.adapters).map(([name, { type }]) => ({
    name,
    type,
    tools: bindSpecs(contract, { adapter: name }).specs.map((spec) => {
      const { wire_name, kind, capability, inline_evidence } = spec
      return { name: spec.name, wire_name, kind, capability, inline_evidence }
    }),
  }))
}
