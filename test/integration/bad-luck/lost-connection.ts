import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRunner, isRunnerError, type Runner } from '../../../src/index.js'
import { type Disturbance, openProxy, type TcpProxy } from '../../support/proxy.js'
import type { Shop } from '../loop/shop.js'
import { createRandom, seedOfRun } from './random.js'
import {
  approvedChange,
  contradictions,
  createVouchers,
  TABLES,
  type VoucherTable,
  voucherContract,
  type Witness,
} from './vouchers.js'
import { openWitness } from './witness.js'

const ROUNDS = 16
/** A commit and its answer are a small part of what goes over the wire. */
const LAST_BYTES = { postgres: 150, mysql: 36, sqlite: 0 } as const
const SILENT_ROUNDS = 4
const HONEST_CODES = /^(OUTCOME_UNKNOWN|SOURCE_UNAVAILABLE|BUSY)$/

/** A connection that is lost at any byte of an apply: never a second change, never a false "failed". */
export function lostConnectionCases(open: () => Promise<Shop>): void {
  const seed = seedOfRun()
  describe(`a lost connection (SEED=${seed})`, () => {
    const random = createRandom(seed)
    const met = new Set<string>()
    let shop: Shop
    let proxy: TcpProxy
    let clean: Runner
    let witness: Witness
    beforeAll(async () => {
      shop = await open()
      await createVouchers(shop)
      proxy = await openProxy(shop.env.SHOP_READ_URL ?? '')
      clean = runnerOver(shop, shop.env)
      await clean.migrate('shop')
      witness = await openWitness(shop)
    })
    afterAll(async () => {
      await clean?.close()
      await witness?.close()
      await proxy?.close()
      await shop?.drop()
    })

    /** Applies through the proxy; how it ended. */
    const applyThrough = async (id: string, disturbance: Disturbance | undefined): Promise<string> => {
      const env = {
        SHOP_READ_URL: proxy.through(shop.env.SHOP_READ_URL ?? ''),
        SHOP_WRITE_URL: proxy.through(shop.env.SHOP_WRITE_URL ?? ''),
      }
      const runner = runnerOver(shop, env)
      proxy.disturb(disturbance)
      try {
        return (await runner.apply(id)).status
      } catch (error) {
        if (!isRunnerError(error)) throw error
        return error.code
      } finally {
        proxy.disturb(undefined)
        proxy.cutAll()
        await runner.close()
      }
    }

    /** Settles through a sound connection, in one of the two ways. */
    const settle = async (id: string, by: 'apply' | 'reconcile'): Promise<void> => {
      if (by === 'apply') await clean.apply(id)
      else if ((await clean.reconcile(id)).status === 'approved') await clean.apply(id)
    }

    const bytesOf = async (table: VoucherTable): Promise<number> => {
      const { id } = await approvedChange(shop, clean, table)
      const env = {
        SHOP_READ_URL: proxy.through(shop.env.SHOP_READ_URL ?? ''),
        SHOP_WRITE_URL: proxy.through(shop.env.SHOP_WRITE_URL ?? ''),
      }
      const runner = runnerOver(shop, env)
      proxy.disturb(undefined)
      expect((await runner.apply(id)).status).toBe('applied')
      const { passed } = proxy
      await runner.close()
      return passed
    }

    /** By turns anywhere, and near the end, where the commit is on its way. */
    const placeOf = (round: number, bytes: number): number =>
      round % 3 === 0 ? Math.floor(random() * bytes) : bytes - 1 - Math.floor(random() * LAST_BYTES[shop.engine])

    it.each(TABLES.flatMap((table) => (['cut', 'mute'] as const).map((kind) => ({ table, kind }))))(
      `at any of ${ROUNDS} bytes never changes twice and never lies: $kind, $table`,
      async ({ table, kind }) => {
        const bytes = await bytesOf(table)
        const wrong: string[] = []
        for (let round = 0; round < ROUNDS; round++) {
          const { id } = await approvedChange(shop, clean, table)
          const after = placeOf(round, bytes)
          const ended = await applyThrough(id, { kind, after })
          met.add(ended)
          if (ended !== 'applied' && !HONEST_CODES.test(ended)) wrong.push(`byte ${after} of ${bytes}: ended ${ended}`)
          await settle(id, random() < 0.5 ? 'apply' : 'reconcile')
          wrong.push(...(await contradictions(witness, clean, id)))
        }
        expect(wrong).toEqual([])
      },
    )

    it(`into silence at any of ${SILENT_ROUNDS} bytes is given up in time, and settled the same way`, async () => {
      const bytes = await bytesOf('vouchers')
      const wrong: string[] = []
      for (let round = 0; round < SILENT_ROUNDS; round++) {
        const { id } = await approvedChange(shop, clean, 'vouchers')
        const ended = await applyThrough(id, { kind: 'hole', after: Math.floor(random() * bytes) })
        if (ended !== 'applied' && !HONEST_CODES.test(ended)) wrong.push(`ended ${ended}`)
        await settle(id, random() < 0.5 ? 'apply' : 'reconcile')
        wrong.push(...(await contradictions(witness, clean, id)))
      }
      expect(wrong).toEqual([])
    })

    it('was met before and in the middle of a commit', () => {
      expect([...met]).toEqual(expect.arrayContaining(['SOURCE_UNAVAILABLE', 'OUTCOME_UNKNOWN']))
    })

    it('leaves a ledger that verifies', async () => {
      expect(await clean.ledger.verify()).toMatchObject({ ok: true, problems: [] })
    })
  })
}

function runnerOver(shop: Shop, env: Shop['env']): Runner {
  return createRunner(voucherContract(shop.source), {
    env,
    ledger: join(shop.folder, 'vouchers.db'),
    logger: { info: () => undefined, warn: () => undefined },
  })
}
