import assert from 'node:assert/strict'
import type { Append, Ledger, RunRow } from '../ledger/ledger.js'
import { digest } from '../protocol/canonical.js'
import { entryProblem, type NewRunEntry } from '../protocol/entry.js'
import { branchOf, type FrozenRun, isOpen, type RunStatus, runIdentity } from '../protocol/run.js'
import { foldRun } from '../protocol/run-state.js'
import type { LedgerCase } from './ledger-cases.js'
import {
  CAPTURED_AT,
  EXPIRES_AT,
  sampleAudit,
  sampleCreation,
  sampleEvidence,
  sampleId,
  sampleProposal,
} from './ledger-samples.js'

interface RunSample {
  readonly number: number
  readonly tenant_id?: string
  readonly principal?: string
  readonly workflow?: string
  /** Makes the input, so that equal ones mean the same run. */
  readonly input?: string
  readonly key?: string
}

function sampleRun(sample: RunSample): FrozenRun {
  const { number, tenant_id = 'acme', principal = 'support_agent_17', workflow = 'billing.waiver_flow' } = sample
  const run_id = sampleId('run', number)
  return {
    schema_version: 'synapsor.run.v1',
    run_id,
    workflow,
    version: '1',
    workflow_digest: digest('sample', workflow),
    form: 'steps',
    context: { tenant_id, principal, provenance: 'session' },
    input: { invoice_id: sample.input ?? `INV-${number}` },
    key: sample.key ?? null,
    branch: branchOf(workflow, run_id),
    created_at: CAPTURED_AT,
    expires_at: EXPIRES_AT,
  }
}

function rowOf(run: FrozenRun, status: RunStatus): RunRow {
  const { run_id, context, workflow, created_at, expires_at, key } = run
  return {
    ...{ run_id, status, tenant_id: context.tenant_id, principal: context.principal, workflow },
    ...{ identity: runIdentity(run), keyed: key !== null, created_at, expires_at },
  }
}

function created(run: FrozenRun): NewRunEntry {
  return { type: 'run.created', subject: run.run_id, at: CAPTURED_AT, body: { run } }
}

function finished({ run_id }: FrozenRun): NewRunEntry {
  const body = { status: 'completed', error: null, output: { fee: 0 } } as const
  return { type: 'run.finished', subject: run_id, at: CAPTURED_AT, body }
}

function read({ run_id }: FrozenRun, evidence_bundle_id: string): NewRunEntry {
  const request = digest('sample', 'request')
  const body = {
    key: 'invoice',
    kind: 'inspect',
    request,
    evidence_bundle_id,
    proposal_id: null,
    output: null,
    linked: false,
  } as const
  return { type: 'step.finished', subject: run_id, at: CAPTURED_AT, body }
}

const NOTHING = { durability: 'durable', expect: [], entries: [], rows: [] } as const

function beginning(run: FrozenRun): Append {
  return { ...NOTHING, run: { revision: 0, entries: [created(run)], row: rowOf(run, 'running') } }
}

/** The append that ends a run. */
export function endingOf(run: FrozenRun, revision = 1): Append {
  return { ...NOTHING, run: { revision, entries: [finished(run)], row: rowOf(run, 'completed') } }
}

/** Puts a new run on record. */
export async function beginRun(ledger: Ledger, sample: RunSample): Promise<FrozenRun> {
  const run = sampleRun(sample)
  assert.ok(await ledger.append(beginning(run)), 'The run was not appended.')
  return run
}

async function refusedWhole(ledger: Ledger, request: Append): Promise<void> {
  const { bytes: _, ...before } = await ledger.stats()
  assert.equal(await ledger.append(request), undefined)
  const { bytes: __, ...after } = await ledger.stats()
  assert.deepEqual(after, before)
}

/** What a ledger must promise of runs. */
export const runCases: readonly LedgerCase[] = [
  {
    name: 'finds a run whole, with each entry as it was appended',
    async run({ ledger }) {
      const run = await beginRun(ledger, { number: 1, key: 'ticket 7' })
      assert.ok(await ledger.append(endingOf(run)))

      const found = await ledger.findRun(run.run_id)

      assert.ok(found)
      assert.deepEqual(found.row, rowOf(run, 'completed'))
      assert.equal(found.revision, 2)
      assert.deepEqual(
        found.entries.map(({ type }) => type),
        ['run.created', 'run.finished'],
      )
      assert.ok(found.entries.every((entry) => entryProblem(entry) === undefined))
      assert.equal(found.previous_hashes[1], found.entries[0]?.hash)
      const state = foldRun(found.entries)
      assert.deepEqual([state.status, state.frozen, state.output], ['completed', run, { fee: 0 }])
      assert.equal(await ledger.findRun('run_none'), undefined)
      assert.deepEqual((await ledger.verify()).problems, [])
    },
  },
  {
    name: 'records a step of a run with its read and its proposal, or nothing of it',
    async run({ ledger }) {
      const run = await beginRun(ledger, { number: 1 })
      const evidence = sampleEvidence({ number: 2, run_id: run.run_id })
      const step = read(run, evidence.evidence.bundle_id)
      const request: Append = {
        ...NOTHING,
        reads: [{ record: evidence, audit: sampleAudit(evidence) }],
        run: { revision: 1, entries: [step], row: rowOf(run, 'running') },
      }
      const proposal = sampleCreation({ number: 3, run_id: run.run_id })
      const both: Append = { ...proposal, run: { revision: 2, entries: [finished(run)], row: rowOf(run, 'completed') } }
      // The run has not come so far.
      await refusedWhole(ledger, both)

      assert.deepEqual(await ledger.append(request), [])
      await refusedWhole(ledger, request)
      const appended = await ledger.append(both)

      assert.deepEqual(
        appended?.map(({ type }) => type),
        ['proposal.created'],
      )
      assert.equal((await ledger.findRun(run.run_id))?.revision, 3)
      assert.ok(await ledger.findEvidence(evidence.evidence.bundle_id))
      assert.ok(await ledger.findProposal(sampleProposal({ number: 3 }).row.proposal_id))
      // A proposal that has moved keeps the run from moving, too.
      const other = await beginRun(ledger, { number: 4 })
      await refusedWhole(ledger, {
        ...proposal,
        run: { revision: 1, entries: [finished(other)], row: rowOf(other, 'completed') },
      })
      assert.deepEqual((await ledger.verify()).problems, [])
    },
  },
  {
    name: 'begins a run once while it is meant: by its input until it ends, by its key for ever',
    async run({ ledger }) {
      const first = await beginRun(ledger, { number: 1, input: 'same' })
      const second = sampleRun({ number: 2, input: 'same' })
      assert.equal(await ledger.findRunId(runIdentity(first)), first.run_id)
      await refusedWhole(ledger, beginning(second))
      await ledger.append(endingOf(first))
      assert.equal(await ledger.findRunId(runIdentity(first)), undefined)
      assert.ok(await ledger.append(beginning(second)))
      assert.equal(await ledger.findRunId(runIdentity(second)), second.run_id)

      const keyed = await beginRun(ledger, { number: 3, key: 'k' })
      await ledger.append(endingOf(keyed))
      assert.equal(await ledger.findRunId(runIdentity(keyed)), keyed.run_id)
      await refusedWhole(ledger, beginning(sampleRun({ number: 4, key: 'k' })))
      assert.ok(await ledger.append(beginning(sampleRun({ number: 5, key: 'k', principal: 'other' }))))
      assert.ok(await ledger.append(beginning(sampleRun({ number: 6, key: 'k', tenant_id: 'globex' }))))
      assert.deepEqual((await ledger.verify()).problems, [])
    },
  },
  {
    name: 'refuses an append to a run that has moved, that is there already or that is not there',
    async run({ ledger }) {
      const run = await beginRun(ledger, { number: 1 })
      await refusedWhole(ledger, beginning(run))
      await refusedWhole(ledger, endingOf(run, 2))
      await refusedWhole(ledger, endingOf(sampleRun({ number: 2 })))
      assert.ok(await ledger.append(endingOf(run)))
      await refusedWhole(ledger, endingOf(run))
    },
  },
  {
    name: 'throws for an append to a run without entries, or with those of another',
    async run({ ledger }) {
      const run = await beginRun(ledger, { number: 1 })
      const row = rowOf(run, 'running')
      for (const entries of [[], [finished(sampleRun({ number: 2 }))]]) {
        await assert.rejects(ledger.append({ ...NOTHING, run: { revision: 1, entries, row } }), { code: 'INTERNAL' })
      }
      assert.equal((await ledger.findRun(run.run_id))?.revision, 1)
    },
  },
  {
    name: 'lists runs newest first under every filter, and open ones oldest first',
    async run({ ledger }) {
      const runs: { readonly run: FrozenRun; readonly status: RunStatus }[] = []
      for (let number = 1; number <= 24; number++) {
        const run = await beginRun(ledger, {
          number,
          tenant_id: number & 1 ? 'acme' : 'globex',
          principal: number & 2 ? 'agent_1' : 'agent_2',
          workflow: number & 4 ? 'billing.waive' : 'billing.refund',
        })
        if (number % 3 === 0) await ledger.append(endingOf(run))
        runs.unshift({ run, status: number % 3 === 0 ? 'completed' : 'running' })
      }
      const expected = (tenant: string | undefined, status: RunStatus | undefined, principal: string | undefined) =>
        runs
          .filter((each) => tenant === undefined || each.run.context.tenant_id === tenant)
          .filter((each) => status === undefined || each.status === status)
          .filter((each) => principal === undefined || each.run.context.principal === principal)
          .map(({ run, status: now }) => rowOf(run, now))
      for (const tenant_id of ['acme', 'globex']) {
        for (const status of [undefined, 'running', 'completed'] as const) {
          for (const principal of [undefined, 'agent_1'] as const) {
            const filter = {
              tenant_id,
              ...(status === undefined ? {} : { status }),
              ...(principal === undefined ? {} : { principal }),
            }
            const found: RunRow[] = []
            for (let cursor: string | null | undefined; cursor !== null; ) {
              const page = await ledger.listRuns({ ...filter, limit: 2, ...(cursor === undefined ? {} : { cursor }) })
              found.push(...page.items)
              cursor = page.next_cursor
            }
            assert.deepEqual(found, expected(tenant_id, status, principal))
          }
        }
      }
      assert.deepEqual((await ledger.listRuns({})).items, expected(undefined, undefined, undefined))
      assert.deepEqual((await ledger.listRuns({ status: 'running' })).items, expected(undefined, 'running', undefined))
      await assert.rejects(ledger.listRuns({ status: 'completed' }), { code: 'INVALID_ARGUMENT' })
      await assert.rejects(ledger.listRuns({ workflow: 'billing.waive' }), { code: 'INVALID_ARGUMENT' })

      const open = runs
        .filter(({ status }) => isOpen(status))
        .map(({ run }) => run.run_id)
        .reverse()
      assert.deepEqual(await ledger.openRuns(null), open)
      assert.deepEqual(await ledger.openRuns(open[4] ?? ''), open.slice(5))
      assert.deepEqual(await ledger.openRuns(open.at(-1) ?? ''), [])
    },
  },
  {
    name: 'lets one of two win that move a run at once',
    shared: true,
    async run({ ledger, second }) {
      for (let number = 1; number <= 20; number++) {
        const one = sampleRun({ number, input: `race ${number}` })
        const two = sampleRun({ number: number + 100, input: `race ${number}` })
        const begun = await Promise.all([ledger.append(beginning(one)), second.append(beginning(two))])
        assert.equal(begun.filter((each) => each !== undefined).length, 1)
        const run = begun[0] === undefined ? two : one
        const ended = await Promise.all([ledger.append(endingOf(run)), second.append(endingOf(run))])
        assert.equal(ended.filter((each) => each !== undefined).length, 1)
      }
      assert.deepEqual((await second.verify()).problems, [])
      assert.equal((await second.stats()).runs, 20)
    },
  },
]
