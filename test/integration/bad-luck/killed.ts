import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { build } from 'tsup'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRunner, type Runner } from '../../../src/index.js'
import { projectRoot } from '../../support/command.js'
import type { Shop } from '../loop/shop.js'
import type { Orders } from './applying-child.js'
import { createRandom, seedOfRun } from './random.js'
import { approvedChange, contradictions, createVouchers, TABLES, voucherContract, type Witness } from './vouchers.js'
import { openWitness } from './witness.js'

const KILLS = 16
/** Proposals of one process: some before the kill, one or none in the middle of it, the others after. */
const EACH = 2
/** Children that wait, already started, for their turn. */
const WAITING = 3

/** A process that dies at any moment of an apply: another one settles it, and nothing is written twice or lied about. */
export function killedCases(open: () => Promise<Shop>): void {
  const seed = seedOfRun()
  describe(`a killed process (SEED=${seed})`, () => {
    const random = createRandom(seed)
    const children = new Set<ChildProcess>()
    let shop: Shop
    let survivor: Runner
    let witness: Witness
    let ledger: string
    let program: string
    beforeAll(async () => {
      shop = await open()
      await createVouchers(shop)
      ledger = join(shop.folder, 'vouchers.db')
      survivor = createRunner(voucherContract(shop.source), { env: shop.env, ledger })
      await survivor.migrate('shop')
      witness = await openWitness(shop)
      program = await buildChild(join(shop.folder, 'child'))
    })
    afterAll(async () => {
      for (const child of children) child.kill('SIGKILL')
      await survivor?.close()
      await witness?.close()
      await shop?.drop()
    })

    const prepare = async (): Promise<string[]> => {
      const ids: string[] = []
      for (let n = 0; n < EACH; n++) {
        const { id } = await approvedChange(shop, survivor, random() < 0.5 ? TABLES[0] : TABLES[1])
        ids.push(id)
      }
      return ids
    }

    /** A child that is ready for its orders. */
    const start = async (): Promise<ChildProcess> => {
      const child = fork(program, {
        execArgv: [],
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      })
      children.add(child)
      child.once('exit', () => children.delete(child))
      await message(child, 'ready')
      return child
    }

    /** One for later: whoever takes it meets its failure, and not the process. */
    const startAhead = (): Promise<ChildProcess> => {
      const starting = start()
      starting.catch(() => undefined)
      return starting
    }

    const order = (child: ChildProcess, ids: readonly string[]): void => {
      const orders: Orders = { source: shop.source, env: shop.env, ledger, ids }
      child.send(orders)
    }

    it('leaves everything as it is when it is not killed', async () => {
      const child = await start()
      const ids = await prepare()
      order(child, ids)
      await message(child, 'done')
      await end(child)
      expect((await Promise.all(ids.map((id) => contradictions(witness, survivor, id)))).flat()).toEqual([])
    })

    it(`${KILLS} times, at random moments, never changes twice and never lies`, async () => {
      const waiting = Array.from({ length: WAITING }, startAhead)
      const wrong: string[] = []
      const left = new Set<string>()
      for (let kill = 0; kill < KILLS; kill++) {
        const child = await (waiting.shift() ?? start())
        if (kill + WAITING < KILLS) waiting.push(startAhead())
        const ids = await prepare()
        const told = heard(child)

        order(child, ids)
        await message(child, 'begun')
        const applied = Math.floor(random() * EACH)
        while (told.length <= applied) await once(child, 'message')
        await sleep(random() * 12)
        await end(child)

        for (const id of ids) {
          left.add((await survivor.proposals.get(id)).status)
          if (random() < 0.5) await survivor.apply(id)
          else if ((await survivor.reconcile(id)).status === 'approved') await survivor.apply(id)
          wrong.push(...(await contradictions(witness, survivor, id)))
        }
        for (const word of told) if (!/^(begun|applied|done)$/.test(word)) wrong.push(`told ${word}`)
      }
      expect(wrong).toEqual([])
      expect([...left]).toEqual(expect.arrayContaining(['approved', 'applied']))
      expect(await survivor.ledger.verify()).toMatchObject({ ok: true, problems: [] })
    }, 180_000)
  })
}

/** The child as one plain program: it starts in a fraction of the time that its sources take. */
async function buildChild(folder: string): Promise<string> {
  await build({
    config: false,
    entry: [join(projectRoot, 'test/integration/bad-luck/applying-child.ts')],
    outDir: folder,
    outExtension: () => ({ js: '.mjs' }),
    format: 'esm',
    // Optional dependencies are bundled unless they are named here.
    external: ['@photostructure/sqlite'],
    silent: true,
  })
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'), 'junction')
  return join(folder, 'applying-child.mjs')
}

/** Everything a child says from now on. */
function heard(child: ChildProcess): readonly string[] {
  const told: string[] = []
  child.on('message', (word) => told.push(String(word)))
  return told
}

async function message(child: ChildProcess, wanted: string): Promise<void> {
  for (;;) {
    const [word] = await Promise.race([once(child, 'message'), failure(child)])
    if (word === wanted) return
  }
}

async function failure(child: ChildProcess): Promise<never> {
  const [code] = await once(child, 'exit')
  throw new Error(`The child ended with ${String(code)} before it was killed.`)
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}
