import type { ParsedConfig } from '../contract/schema.js'
import { isRecord } from '../contract/snapshot.js'
import { isWritten } from './checks.js'
import type { Finding } from './finding.js'
import type { Ports } from './ports.js'

export type Env = Readonly<Record<string, string | undefined>>

/** A variable, and the key of the contract that names it. */
export interface Named {
  readonly variable: string
  readonly path: readonly string[]
}

/** Which environment variables that the contract names are not set. What they hold is not looked at. */
export function examineVariables(ports: Ports, env: Env): readonly Finding[] {
  const named = variablesOf(ports)
  const missing = named.filter(({ variable }) => (env[variable] ?? '').trim() === '')
  if (missing.length > 0) return missing.map((each) => toMissing(ports, each))
  if (named.length === 0) return []
  return [{ name: 'env', severity: 'ok', message: 'Every environment variable that the contract names is set.' }]
}

function variablesOf({ contract, sources }: Ports): readonly Named[] {
  return variablesNamedIn(contract.config).filter(
    ({ path: [part, source = ''] }) => part !== 'sources' || !sources.plan(source).is_given,
  )
}

/** Arguments of capabilities and inputs of workflows have names of their own, which mean no variable. */
export function variablesNamedIn(contract: ParsedConfig): readonly Named[] {
  const { capabilities: _, workflows: __, ...config } = contract
  return [...walk(config, [])]
}

function* walk(value: unknown, path: readonly string[]): Iterable<Named> {
  if (!isRecord(value)) return
  for (const [key, each] of Object.entries(value)) {
    if (key.endsWith('_env') && typeof each === 'string') yield { variable: each, path: [...path, key] }
    else yield* walk(each, [...path, key])
  }
}

function toMissing(ports: Ports, { variable, path }: Named): Finding {
  const [part, source = '', key] = path
  const is_spare = part === 'sources' && key === 'write_url_env' && !isWritten(ports, source)
  return {
    name: `env:${variable}`,
    severity: is_spare ? 'warning' : 'error',
    code: 'ENV_MISSING',
    message: `Environment variable ${variable} is not set. The contract names it in ${path.join('.')}.`,
    next: 'Set the variable and start again.',
  }
}
