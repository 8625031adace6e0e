import { type ErrorCode, isRunnerError } from '../errors.js'
import type { FrozenProposal } from '../protocol/proposal.js'
import { sameValue, type TypedRow } from '../protocol/values.js'
import { loadProposalOf } from './load-proposal.js'
import type { Ports } from './ports.js'
import { expectedRow, planRowRead } from './proposal-row.js'

/** Whether a row is still as it was when a change of it was proposed. */
export interface Freshness {
  /** `absent`: the row is gone, or another tenant's by now. `unknown`: the source could not be asked, see {@link code}. */
  readonly state: 'unchanged' | 'changed' | 'absent' | 'unknown'
  /** Names of the frozen columns that differ, in alphabetical order; never their values. Empty unless `changed`. */
  readonly columns: readonly string[]
  /** Why it is `unknown`. */
  readonly code?: ErrorCode
}

/**
 * Compares the row of a proposal with what was frozen of it, whatever the proposal's status: after its own apply, the
 * row has changed. Reads through the reader credential; nothing is recorded, and no lock is taken.
 */
export async function freshness(ports: Ports, id: string, tenant_id?: string): Promise<Freshness> {
  const { frozen } = (await loadProposalOf(ports, id, tenant_id)).state
  try {
    return compare(frozen, await readRow(ports, frozen))
  } catch (error) {
    if (!isRunnerError(error)) throw error
    return { state: 'unknown', columns: [], code: error.code }
  }
}

async function readRow(ports: Ports, frozen: FrozenProposal): Promise<TypedRow | undefined> {
  const source = await ports.sources.open(frozen.source.name)
  const { read, values } = await planRowRead(source, frozen, Object.keys(expectedRow(frozen)))
  if (values === undefined) return undefined
  const [row] = await source.driver.read(read, values)
  return row
}

function compare(frozen: FrozenProposal, row: TypedRow | undefined): Freshness {
  if (row === undefined) return { state: 'absent', columns: [] }
  const differing = Object.entries(expectedRow(frozen)).filter(([column, value]) => !sameValue(row[column], value))
  const columns = differing.map(([column]) => column).sort()
  return { state: columns.length === 0 ? 'unchanged' : 'changed', columns }
}
