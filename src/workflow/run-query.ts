import type { RunFilter, RunRow } from '../ledger/ledger.js'
import type { Ports } from '../operations/ports.js'
import type { Query } from '../operations/queries.js'
import { loadRun } from './load-run.js'
import { type Run, toRun } from './run.js'

/** A run in a list: enough to choose one. Its status is what is on record; `get` says how it stands now. */
export type RunSummary = Omit<RunRow, 'run_id' | 'identity' | 'keyed'> & Pick<Run, 'run_id'>

export function runQuery(ports: Ports): Query<Run, RunFilter, RunSummary> {
  return {
    get: async (id) => toRun(ports, (await loadRun(ports, id)).state),
    list: async (filter = {}) => {
      const page = await ports.ledger.listRuns(filter)
      return { ...page, items: page.items.map(summarize) }
    },
  }
}

function summarize({ run_id, identity: _, keyed: __, ...row }: RunRow): RunSummary {
  return { run_id: run_id as Run['run_id'], ...row }
}
