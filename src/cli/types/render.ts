import type { ParsedConfig } from '../../index.js'
import { escapeUntrusted } from '../untrusted-text.js'
import { lineType, objectType, scalarType, tupleType, valuesType } from './type-text.js'

type Capability = ParsedConfig['capabilities'][number]
type Arguments = Capability['args']
type Adapter = ParsedConfig['adapters'][string]
type Workflow = ParsedConfig['workflows'][number]

/**
 * The types of a contract as a declaration file: names, arguments, enumerations, visible columns, adapters and
 * workflows as literals, everything else as any contract has it. No text for the model, no tenant, no name of a
 * variable is in it.
 */
export function renderTypes(config: ParsedConfig, file: string): string {
  const { mode, capabilities, adapters, workflows } = config
  const contract = objectType([
    ['mode', scalarType(mode)],
    ['capabilities', tupleType(capabilities.map(capabilityType))],
    ['adapters', objectType(Object.entries(adapters).map(([name, adapter]) => [name, adapterType(adapter)]))],
    ['workflows', tupleType(workflows.map(workflowType))],
  ])
  return `${head(escapeUntrusted(file))}\n${GENERAL} ${contract}\n`
}

const GENERAL =
  "export interface Contract extends Omit<ParsedConfig, 'mode' | 'capabilities' | 'adapters' | 'workflows'>"

const head = (
  file: string,
) => `// Types of ${file}, written by synapsor-runner types. Write them again when the contract has changed.
// Use them as: createRunner(loadConfig('${file}') as Contract)

import type { ParsedConfig } from '@synapsor/runner'

type As<General, Literal> = Omit<General, keyof Literal> & Literal
type Read<Literal> = As<Extract<ParsedConfig['capabilities'][number], { readonly kind: 'read' }>, Literal>
type Proposal<Literal> = As<Extract<ParsedConfig['capabilities'][number], { readonly kind: 'proposal' }>, Literal>
type Adapter<Literal> = As<ParsedConfig['adapters'][string], Literal>
type Workflow<Literal> = As<ParsedConfig['workflows'][number], Literal>
`

function capabilityType(capability: Capability): string {
  const { name, kind, args, visible_columns, max_rows } = capability
  const literal = objectType([
    ['name', scalarType(name)],
    ['kind', scalarType(kind)],
    ['args', argumentsType(args)],
    ['visible_columns', valuesType(visible_columns)],
    ['max_rows', scalarType(max_rows)],
  ])
  return `${kind === 'read' ? 'Read' : 'Proposal'}<${literal}>`
}

function argumentsType(args: Arguments): string {
  return objectType(
    Object.entries(args).map(([name, { type, required, enum: values }]) => [
      name,
      lineType([
        ['type', scalarType(type)],
        ['required', scalarType(required)],
        ['enum', values === undefined ? undefined : valuesType(values)],
      ]),
    ]),
  )
}

function adapterType({ type, expose }: Adapter): string {
  const exposed = expose?.map(({ capability, workflow, as }) =>
    lineType([
      ['capability', capability === undefined ? undefined : scalarType(capability)],
      ['workflow', workflow === undefined ? undefined : scalarType(workflow)],
      ['as', as === undefined ? undefined : scalarType(as)],
    ]),
  )
  const literal = objectType([
    ['type', scalarType(type)],
    ['expose', exposed === undefined ? undefined : tupleType(exposed)],
  ])
  return `Adapter<${literal}>`
}

function workflowType({ name, version, input }: Workflow): string {
  const literal = objectType([
    ['name', scalarType(name)],
    ['version', scalarType(version)],
    ['input', argumentsType(input)],
  ])
  return `Workflow<${literal}>`
}
