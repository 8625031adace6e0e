import type { Executors } from '../executors/executors.js'
import { type Finding, toFinding } from './finding.js'
import type { Ports } from './ports.js'

/** Whether what approved changes are handed to could be reached. Nothing is delivered. */
export function examineExecutors(
  { contract }: Pick<Ports, 'contract'>,
  executors: Pick<Executors, 'probe'>,
  source: string | undefined,
): Promise<readonly Finding[]> {
  const used = [...contract.capabilities.values()].filter((each) => source === undefined || each.source === source)
  const names = used.flatMap(({ change }) =>
    change === undefined || isSql(change.executor.type) ? [] : (change.executor.name ?? []),
  )
  return Promise.all([...new Set(names)].map((name) => examineExecutor(executors, name)))
}

function isSql(type: string): boolean {
  return type === 'sql_update'
}

async function examineExecutor(executors: Pick<Executors, 'probe'>, executor: string): Promise<Finding> {
  const name = `executor:${executor}`
  try {
    const probe = await executors.probe(executor)
    if (probe.ok) return { name, severity: 'ok', message: `Executor ${executor} can be reached.` }
    const { code, message, next } = probe
    return { name, severity: 'error', code, reason: 'EXECUTOR_UNAVAILABLE', message, next }
  } catch (error) {
    return { ...toFinding(name, error), reason: 'EXECUTOR_UNAVAILABLE' }
  }
}
