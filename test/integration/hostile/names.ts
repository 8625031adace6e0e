import { describe, expect, it } from 'vitest'
import { agent } from '../loop/loop.js'
import { entriesFor } from './corpus.js'
import type { Market, MutableContract } from './market.js'

/** Names of capabilities from a model, and names of tables and columns in a contract. */
export function nameCases(market: () => Market): void {
  describe('the name of a capability', () => {
    it.each(entriesFor('jsonrpc:params.name').filter(({ value }) => value !== 'billing__inspect_invoice'))(
      '$id is no capability, and is not said back',
      async ({ value }) => {
        const { session, tap } = market()
        const before = tap.sent.length

        const envelope = await session.call(value as string, { invoice_id: 'INV-1' })

        expect(envelope).toMatchObject({ ok: false, capability: '', error: { code: 'CAPABILITY_NOT_FOUND' } })
        expect(JSON.stringify(envelope)).not.toContain(typeof value === 'string' ? value.slice(0, 200) : '[object')
        expect(tap.sent.length).toBe(before)
      },
    )

    it('is understood as it goes over the wire', async () => {
      const envelope = await market().session.call('billing__inspect_invoice', { invoice_id: 'INV-1' })
      expect(envelope).toMatchObject({ ok: true, capability: 'billing.inspect_invoice' })
    })

    it.each(['propose', 'inspect'])('of the other kind is none for %s', async (verb) => {
      const { session } = market()
      const call =
        verb === 'propose'
          ? session.propose('billing.inspect_invoice', { invoice_id: 'INV-1' })
          : session.inspect('billing.propose_late_fee_waiver', { invoice_id: 'INV-1', reason: 'x' })
      await expect(call).rejects.toMatchObject({ code: 'CAPABILITY_NOT_FOUND' })
    })
  })

  describe('a name in the contract', () => {
    const names = entriesFor('config:column_or_table|arg:extra_key').map(({ id, value }) => ({
      id,
      name: String(value),
    }))

    it.each(PLACES.flatMap(([place, put]) => names.map((each) => ({ ...each, place, put }))))(
      '$id as $place is refused, or is only a name',
      async ({ name, put }) => {
        const { changed, aside } = market()
        const before = aside.sent.length

        const failure = await useContract(changed, (contract) => put(contract, name))

        const sent = aside.sent.slice(before)
        if (!WELL_FORMED.test(name) || SYSTEM.has(name)) {
          expect(failure).toMatchObject({ code: 'CONFIG_INVALID', retry: 'never' })
          expect(sent).toEqual([])
        } else {
          expect(failure).toMatchObject({ code: expect.stringMatching(ONLY_A_NAME) })
        }
      },
    )
  })
}

const WELL_FORMED = /^[A-Za-z_][A-Za-z0-9_]*$/
/** What the database keeps for itself under names that look like anybody's. */
const SYSTEM: ReadonlySet<string> = new Set(['ctid', 'tableoid', '_rowid_'])
const ONLY_A_NAME = /^(CONFIG_INVALID|SCHEMA_DRIFT|NOT_FOUND|PRECONDITION_FAILED|INVALID_ARGUMENT)$/

type Place = readonly [name: string, put: (contract: MutableContract, name: string) => void]

const PLACES: readonly Place[] = [
  ['a key', ({ capabilities: [read] }, name) => Object.assign(read?.target ?? {}, { primary_key: name })],
  [
    'a column to read',
    ({ capabilities: [read] }, name) => Object.assign(read ?? {}, { visible_columns: [name, 'no_such'] }),
  ],
  ['a column to write', ({ capabilities: [, propose] }, name) => putPatch(propose, name)],
]

function putPatch(propose: Record<string, unknown> | undefined, name: string): void {
  Object.assign(propose ?? {}, { patch: { [name]: { fixed: 'x' } }, allowed_columns: [name], numeric_bounds: {} })
}

/** Makes a runner with a changed contract and calls through it; what either of them throws. */
async function useContract(
  changed: Market['changed'],
  change: (contract: MutableContract) => void,
): Promise<{ readonly code: unknown }> {
  try {
    const session = changed(change).session(agent)
    await session.inspect('billing.inspect_invoice', { invoice_id: 'INV-1' })
    await session.propose('billing.propose_late_fee_waiver', { invoice_id: 'INV-1', reason: 'x' })
    return { code: 'nothing was refused' }
  } catch (error) {
    return error as { code: unknown }
  }
}
