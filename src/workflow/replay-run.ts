import { RunnerError } from '../errors.js'
import type { Ports } from '../operations/ports.js'
import { type Replay, type ReplayStep, replay } from '../operations/replay.js'
import { loadRun } from './load-run.js'
import { proposalsOfRun } from './proposal-of-run.js'
import { type Run, toRun } from './run.js'

/** A run's story with those of its proposals, rebuilt from the ledger alone. */
export interface RunReplay {
  readonly schema_version: 'synapsor.run_replay.v1'
  readonly run: Run
  /** What the run itself has on record. */
  readonly timeline: readonly ReplayStep[]
  /** In the order in which they were made, those that answers replaced included. */
  readonly proposals: readonly Replay[]
}

/** Tells what happened in a run. Reads only the ledger, writes nothing. */
export async function replayRun(ports: Ports, run_id: unknown): Promise<RunReplay> {
  const { state } = await loadRun(ports, run_id)
  const stored = await ports.ledger.findRun(state.frozen.run_id)
  const proposals: Replay[] = []
  for (const { proposal_id } of await proposalsOfRun(ports, state.frozen))
    proposals.push(await replay(ports, proposal_id))
  return {
    schema_version: 'synapsor.run_replay.v1',
    run: await toRun(ports, state),
    timeline: (stored?.entries ?? []).map(({ seq, at, type, hash, body }) => ({
      ...{ seq, at, type, hash },
      body: parse(body, seq),
    })),
    proposals,
  }
}

function parse(body: string | null, seq: number): unknown {
  if (body === null) throw new RunnerError('INTEGRITY', `The content of ledger entry ${seq} has been erased.`)
  return JSON.parse(body)
}
