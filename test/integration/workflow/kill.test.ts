import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'tsup'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Run } from '../../../src/index.js'
import { projectRoot } from '../../support/command.js'
import type { Loop } from '../loop/loop.js'
import { openPostgresShop, openSqliteShop, type Shop } from '../loop/shop.js'
import { approveRun, flowOf, inputOf, told } from './acts.js'
import type { Orders } from './kill-child.js'
import { killRuntime } from './kill-flow.js'
import { type Form, openFlow } from './waiver-flow.js'

/** What must be the same whether a process was killed or not. */
async function outcome(shop: Shop, { runner, invoice }: Loop, run: Run) {
  const row = await shop.row(invoice)
  const { items } = await runner.entries.list({ subject: run.proposal_id ?? '' })
  return {
    status: run.status,
    steps: told(run),
    output: run.output,
    row: [row?.late_fee_cents, row?.waiver_reason],
    receipts: (await runner.receipts.list()).items.map(({ status }) => status),
    proposals: (await runner.proposals.list()).items.map(({ status }) => status),
    decisions: items.filter(({ type }) => type === 'proposal.approved').length,
    runs: (await runner.runs.list()).items.length,
    problems: (await runner.ledger.verify()).problems,
  }
}

describe.each([
  ['sqlite', openSqliteShop],
  ['postgres', openPostgresShop],
] as const)('a process that is killed while it moves a run, on %s', (_, openShop) => {
  let shop: Shop
  let program: string
  beforeAll(async () => {
    shop = await openShop()
    program = await buildChild(join(shop.folder, 'child'))
  })
  afterAll(() => shop?.drop())

  /** Whether the child was killed; it may have come to its end before. */
  const isKilled = async (loop: Loop, orders: Pick<Orders, 'form' | 'kill' | 'run_id'>): Promise<boolean> => {
    const { source, env } = shop
    const whole: Orders = { source, env, ledger: loop.ledger, input: inputOf(loop), ...orders }
    const child = spawn(process.execPath, [program, JSON.stringify(whole)], { stdio: ['ignore', 'inherit', 'inherit'] })
    const [code, signal] = await once(child, 'exit')
    if (signal !== 'SIGKILL') expect(code).toBe(0)
    return signal === 'SIGKILL'
  }

  const finish = async (loop: Loop): Promise<Run> => {
    const run = await flowOf(loop.runner).start(inputOf(loop))
    expect(run.status).toBe('waiting_approval')
    await approveRun(loop.runner, run)
    return loop.runner.resume(run.run_id)
  }

  describe.each<Form>(['steps', 'function'])('as %s', (form) => {
    const open = () => openFlow(shop, form, {}, killRuntime(form))
    const usual = async () => {
      const loop = await open()
      const expected = await outcome(shop, loop, await finish(loop))
      await loop.close()
      expect(expected).toMatchObject({ status: 'completed', row: ['0', 'outage'], receipts: ['applied'], problems: [] })
      return expected
    }

    it.each(['before', 'after'] as const)(
      '%s any of its writes while it starts',
      async (when) => {
        const expected = await usual()
        let kills = 0
        for (;;) {
          const loop = await open()
          const killed = await isKilled(loop, { form, kill: { at: kills + 1, when } })
          // Another process is asked for the same.
          expect([kills, await outcome(shop, loop, await finish(loop))]).toEqual([kills, expected])
          await loop.close()
          if (!killed) break
          kills += 1
        }
        // How many writes there are is the runner's business.
        expect(kills).toBeGreaterThanOrEqual(1)
      },
      120_000,
    )

    // What it does in the source stands between two writes to the ledger: before the one, or after the other.
    it.each(['before', 'after'] as const)(
      '%s any of its writes while it applies',
      async (when) => {
        const expected = await usual()
        let kills = 0
        for (;;) {
          const loop = await open()
          const { run_id, proposal_id } = await flowOf(loop.runner).start(inputOf(loop))
          await approveRun(loop.runner, { proposal_id })
          const killed = await isKilled(loop, { form, run_id, kill: { at: kills + 1, when } })
          await loop.runner.resumeAll()
          expect([kills, await outcome(shop, loop, await loop.runner.runs.get(run_id))]).toEqual([kills, expected])
          await loop.close()
          if (!killed) break
          kills += 1
        }
        expect(kills).toBeGreaterThanOrEqual(3)
      },
      120_000,
    )
  })
})

/** The child as one plain program: it starts in a fraction of the time that its sources take. */
async function buildChild(folder: string): Promise<string> {
  await build({
    config: false,
    entry: [join(projectRoot, 'test/integration/workflow/kill-child.ts')],
    outDir: folder,
    outExtension: () => ({ js: '.mjs' }),
    format: 'esm',
    // Optional dependencies are bundled unless they are named here.
    external: ['@photostructure/sqlite'],
    silent: true,
  })
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'), 'junction')
  return join(folder, 'kill-child.mjs')
}
