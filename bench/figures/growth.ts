import { join } from 'node:path'
import type { Proposal, Runner } from '../../src/index.js'
import { agent, INSPECT, invoiceId, TENANT } from '../contract.js'
import type { Bench, Figure, Measurement } from '../figure.js'
import { apply, approve, propose } from '../loop.js'
import { type Comparison, compare, describeEffort, type Effort, totalCalls } from '../measure.js'
import { openSqliteWorld } from '../worlds/sqlite.js'
import { fillLedger } from './growth-ledger.js'

const GOAL = 1.2
const SMALL = 1000
/** Fits on the first page of every list, also of the small ledger. */
const PAGE = 10

/** Each verb on a ledger with many records, against the same on one with few. */
export const growth: Figure = {
  name: 'growth',
  measure: async (bench) => {
    const records = bench.quick ? 100_000 : 1_000_000
    const effort = bench.quick ? { calls: 200, times: 2, warmup: 100 } : { calls: 1000, times: 2, warmup: 200 }
    const large = await openFilled(bench, records, totalCalls(effort))
    const small = await openFilled(bench, SMALL, totalCalls(effort))
    try {
      const measurements: Measurement[] = []
      for (const verb of Object.keys(VERBS) as readonly Verb[]) {
        const times = await compareVerb(VERBS[verb], { large, small }, effort)
        const note = `${describeEffort(effort)}, ${records} records against ${SMALL}`
        measurements.push({ name: `growth:${verb}`, engine: 'sqlite', ...times, goal: GOAL, unit: 'ms', note })
      }
      return measurements
    } finally {
      await large.runner.close()
      await small.runner.close()
    }
  },
}

interface Filled {
  readonly runner: Runner
  /** Proposals that the ledger was filled with. */
  readonly recorded: readonly string[]
  /** Proposals made while measuring, by call. */
  readonly proposals: Proposal[]
}

type Verb = keyof typeof VERBS

/** In the order of a proposal's life: each verb goes on with what the one before has left. */
const VERBS = {
  inspect: ({ runner }: Filled, call: number) =>
    runner.session(agent).inspect(INSPECT, { invoice_id: invoiceId(call) }),
  propose: async ({ runner, proposals }: Filled, call: number) => {
    proposals[call] = await propose(runner, call)
  },
  approve: ({ runner, proposals }: Filled, call: number) => approve(runner, made(proposals, call)),
  apply: ({ runner, proposals }: Filled, call: number) => apply(runner, made(proposals, call)),
  replay: ({ runner, recorded }: Filled, call: number) =>
    runner.replay(recorded[(call * 7919) % recorded.length] ?? ''),
  list: async ({ runner }: Filled) => {
    const page = { limit: PAGE }
    await runner.proposals.list({ ...page, tenant_id: TENANT })
    await runner.proposals.list({ ...page, tenant_id: TENANT, status: 'applied' })
    await runner.receipts.list({ ...page, tenant_id: TENANT })
    await runner.evidence.list({ ...page, tenant_id: TENANT })
    await runner.audit.list({ ...page, tenant_id: TENANT })
    await runner.entries.list(page)
  },
}

function compareVerb(
  verb: (world: Filled, call: number) => Promise<unknown>,
  { large, small }: { readonly large: Filled; readonly small: Filled },
  effort: Effort,
): Promise<Comparison> {
  return compare({ ...effort, ours: (call) => verb(large, call), reference: (call) => verb(small, call) })
}

function made(proposals: readonly Proposal[], call: number): Proposal {
  const proposal = proposals[call]
  if (proposal === undefined) throw new Error('A verb is called before the one that it goes on from.')
  return proposal
}

async function openFilled(bench: Bench, records: number, invoices: number): Promise<Filled> {
  const ledger = join(bench.folder(), 'ledger.db')
  const recorded = await fillLedger(bench.library, ledger, records)
  const { runner } = await openSqliteWorld(bench, invoices, ledger)
  return { runner, recorded, proposals: [] }
}
