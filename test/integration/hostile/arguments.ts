import { describe, expect, it } from 'vitest'
import type { Envelope } from '../../../src/index.js'
import { insertInvoice } from '../loop/loop.js'
import { type Entry, entriesFor, generate, generateText } from './corpus.js'
import type { Market } from './market.js'

const INSPECT = 'billing.inspect_invoice'
const PROPOSE = 'billing.propose_late_fee_waiver'

/** Whatever stands in an argument: refused before anything is sent, or compared and kept byte for byte. */
export function argumentCases(market: () => Market): void {
  const call = async (name: string, args: unknown): Promise<{ envelope: Envelope; sent: number }> => {
    const { session, tap } = market()
    const before = tap.sent.length
    const envelope = await session.call(name, args)
    return { envelope, sent: tap.sent.length - before }
  }

  const expectRefused = async (name: string, args: unknown, argument?: string): Promise<void> => {
    const { envelope, sent } = await call(name, args)
    expect(envelope.error).toMatchObject({ code: 'INVALID_ARGUMENT', retry: 'never' })
    if (argument !== undefined) expect(envelope.error?.details).toEqual({ argument })
    expect(sent).toBe(0)
  }

  describe('a text key', () => {
    it.each(entriesFor('arg:string_id'))('$id is the literal key of one row or of none', async ({ value }) => {
      const id = String(value)
      const { shop, tap, absent, session } = market()

      expect((await call(INSPECT, { invoice_id: id })).envelope).toEqual(absent.invoice)
      await insert(shop, tap, id, 'globex')
      expect((await call(INSPECT, { invoice_id: id })).envelope).toEqual(absent.invoice)
      expect((await session.call(PROPOSE, { invoice_id: id, reason: 'x' })).error?.code).toBe('NOT_FOUND')
      await shop.run(`update invoices set tenant_id = 'acme' where id = ${tap.literal(id)}`)
      expect((await call(INSPECT, { invoice_id: id })).envelope.data).toMatchObject({ id })

      await shop.run(`delete from invoices where id = ${tap.literal(id)}`)
    })

    it.each(entriesFor('arg:id').filter(({ value }) => typeof value !== 'string'))(
      '$id is refused before anything is sent',
      async ({ value }) => {
        await expectRefused(INSPECT, { invoice_id: value }, 'invoice_id')
        await expectRefused(INSPECT, JSON.stringify({ invoice_id: value }), 'invoice_id')
        await expectRefused('crates.find', { number: value }, 'number')
      },
    )

    it.each(entriesFor('arg:id').filter(({ value }) => typeof value === 'string'))(
      '$id matches no row but its own',
      async ({ value }) => {
        const { envelope } = await call(INSPECT, { invoice_id: value })
        expect(envelope).toEqual(market().absent.invoice)
      },
    )
  })

  describe('a whole-number key', () => {
    it.each(entriesFor('arg:id').filter(({ value }) => value !== 1))(
      '$id finds nothing, given as text or as a number',
      async ({ value }) => {
        await expectRefused('crates.inspect', { number: value }, 'number')
        if (typeof value !== 'string') return
        expect((await call('crates.find', { number: value })).envelope.error?.code).toBe('NOT_FOUND')
      },
    )

    it.each([' 1', '1 ', '+1', '01', '1.0', '1e0', '0x1', '-0', '١', '9223372036854775808'])(
      'the text %j is not the key 1',
      async (number) => {
        expect((await call('crates.find', { number })).envelope).toMatchObject({
          ok: false,
          error: { code: 'NOT_FOUND' },
        })
      },
    )
  })

  describe('a number', () => {
    it.each(entriesFor('arg:number').filter(isRaw))('$id is carried exactly or refused', async ({ raw }) => {
      const { envelope } = await call('crates.propose_weight', `{"number":1,"weight":${raw}}`)
      expect(envelope.error).toMatchObject({ code: 'INVALID_ARGUMENT', details: { argument: 'weight' } })
    })

    it.each(entriesFor('arg:number').filter((entry) => !isRaw(entry)))(
      '$id is no number, however it looks',
      async ({ value }) => {
        await expectRefused('crates.propose_weight', { number: 1, weight: value }, 'weight')
      },
    )

    it.each([
      ['12.5', '12.5'],
      ['12.50', '12.5'],
      ['0.1', '0.1'],
      ['1.25e1', '12.5'],
      ['8999.99', '8999.99'],
    ])('%s reaches the proposal as %s', async (raw, exact) => {
      const { envelope } = await call('crates.propose_weight', `{"number":1,"weight":${raw}}`)
      expect(Number(envelope.proposal?.diff.weight?.after)).toBe(Number(exact))
      expect(envelope.ok).toBe(true)
    })

    it.each([
      ['NaN', Number.NaN],
      ['Infinity', Number.POSITIVE_INFINITY],
      ['-Infinity', Number.NEGATIVE_INFINITY],
      ['-0', -0],
      ['2^53', 2 ** 53],
      ['-(2^53)', -(2 ** 53)],
      ['1e308', 1e308],
      ['a bigint', 5n],
      ['a boxed number', Object(5)],
    ])('%s is refused before anything is sent', async (_, weight) => {
      await expectRefused('crates.propose_weight', { number: 1, weight }, 'weight')
    })

    it('does not lose digits that the column would round', async () => {
      const { envelope } = await call('crates.propose_weight', { number: 1, weight: 1.005 })
      expect(envelope.error).toMatchObject({ code: 'INVALID_ARGUMENT', details: { argument: 'weight' } })
    })
  })

  describe('a time', () => {
    it.each(entriesFor('arg:timestamp'))('$id is an exact instant or refused', async ({ value }) => {
      const { envelope } = await call('crates.propose_due', { number: 1, due_at: value })
      const after = envelope.proposal?.diff.due_at?.after
      if (after === undefined) {
        expect(envelope.error).toMatchObject({ code: 'INVALID_ARGUMENT', details: { argument: 'due_at' } })
      } else {
        expect(String(after)).toContain(String(value).slice(0, 10))
        expect(Date.parse(String(value))).not.toBeNaN()
      }
    })
  })

  describe('free text', () => {
    it.each(entriesFor('arg:string|trusted:tenant'))('$id is kept byte for byte or refused', async ({ value }) => {
      const reason = String(value)
      const { envelope } = await call(PROPOSE, { invoice_id: 'INV-1', reason, fee: 1 })
      if (envelope.ok) expect(envelope.proposal?.diff.waiver_reason?.after).toBe(reason)
      else {
        expect(envelope.error).toMatchObject({ code: 'INVALID_ARGUMENT', details: { argument: 'reason' } })
        await expectRefused(INSPECT, { invoice_id: `INV-1${reason}` }, 'invoice_id')
      }
    })
  })

  describe('an argument that nobody declared', () => {
    it.each(entriesFor('arg:extra_key'))('$id is refused, and the tenant stays', async ({ value }) => {
      const extra = value as Record<string, unknown>
      const [name = ''] = Object.keys(extra)
      await expectRefused(INSPECT, { invoice_id: 'INV-2', ...extra }, shown(name))
      const text = JSON.stringify({ invoice_id: 'INV-2', ...extra })
      const { envelope, sent } = await call(INSPECT, text)
      expect(envelope.error).toMatchObject({ code: 'INVALID_ARGUMENT', details: { argument: shown(name) } })
      expect(sent).toBe(0)
    })

    it.each(entriesFor('config:column_or_table|arg:extra_key'))('$id is refused by its name', async ({ value }) => {
      const name = String(value)
      await expectRefused(INSPECT, { invoice_id: 'INV-1', [name]: 'x' }, shown(name))
    })

    it.each(['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'valueOf', '__defineGetter__'])(
      'the key %s is only an unknown key',
      async (name) => {
        await expectRefused(INSPECT, withKey(name, 'x'), name)
        await expectRefused(INSPECT, withKey(name, undefined, name !== '__proto__' ? 'x' : undefined), name)
        await expectRefused(INSPECT, `{"invoice_id":"INV-1","${name}":"x"}`, name)
      },
    )
  })

  describe('raw JSON text', () => {
    it.each(entriesFor('jsonrpc:arguments(raw)'))('$id is refused before anything is sent', async ({ raw }) => {
      await expectRefused(INSPECT, raw)
    })

    it.each([
      ['a name given twice', '{"invoice_id":"INV-1","invoice_id":"INV-2"}', 'invoice_id'],
      ['a name given twice by escapes', String.raw`{"invoice_id":"INV-1","invoice\u005fid":"INV-2"}`, 'invoice_id'],
      ['a lone surrogate by escape', String.raw`{"invoice_id":"\ud800"}`, 'invoice_id'],
      ['a NUL by escape', String.raw`{"invoice_id":"INV-1\u0000"}`, 'invoice_id'],
      ['an array', '["INV-1"]', undefined],
      ['null', 'null', undefined],
      ['a comment', '{"invoice_id":"INV-1"/**/}', undefined],
      ['a trailing comma', '{"invoice_id":"INV-1",}', undefined],
      ['two documents', '{"invoice_id":"INV-1"}{}', undefined],
      ['nothing', '', undefined],
      ['a byte order mark', '\ufeff{"invoice_id":"INV-1"}', undefined],
    ])('%s is refused', async (_, text, argument) => {
      await expectRefused(INSPECT, text, argument)
    })
  })

  describe('a bomb', () => {
    it.each(entriesFor('arg:any|http:body'))('$id is refused by its size or its depth', async ({ gen }) => {
      if (gen === undefined) throw new Error('The entry builds nothing.')
      const built = generate(gen)
      await expectRefused(INSPECT, typeof built === 'object' && !Array.isArray(built) ? built : { invoice_id: built })
      await expectRefused(INSPECT, generateText(gen))
      await expectRefused(INSPECT, built)
    })

    it('a nest that fits the limit is refused as well', async () => {
      await expectRefused(INSPECT, generateText({ nest: '[', times: 30_000 }), 'invoice_id')
    })
  })

  describe('an object that is not plain data', () => {
    it.each(notPlain())('%s is refused', async (_, args, argument) => {
      await expectRefused(PROPOSE, args, argument)
    })
  })
}

function isRaw(entry: Entry): boolean {
  return entry.raw !== undefined
}

function withKey(name: string, value: unknown, instead = value): object {
  return Object.defineProperty({ invoice_id: 'INV-1' }, name, { value: instead, enumerable: true })
}

async function insert(shop: Market['shop'], tap: Market['tap'], id: string, tenant: string): Promise<void> {
  await insertInvoice(shop, 'HOSTILE', tenant)
  await shop.run(`update invoices set id = ${tap.literal(id)} where id = 'HOSTILE'`)
}

/** A name as the refusal shows it: short and escaped, so that it cannot act on whoever reads it. */
function shown(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : expect.stringMatching(/^"[\x20-\x7e…]*"$/)
}

class Invoice {
  invoice_id = 'INV-1'
  reason = 'outage'
}

type NotPlain = readonly [what: string, args: unknown, argument: string | undefined]

function notPlain(): readonly NotPlain[] {
  const good = { invoice_id: 'INV-1', reason: 'outage' }
  const { proxy, revoke } = Proxy.revocable({ ...good }, {})
  revoke()
  const trap = () => {
    throw new Error('a trap of the caller')
  }
  const accessor = Object.defineProperty({ ...good }, 'reason', { get: () => 'outage', enumerable: true })
  return [
    ['an accessor', accessor, 'reason'],
    ['a proxy', new Proxy({ ...good }, {}), undefined],
    ['a revoked proxy', proxy, undefined],
    ['a proxy whose traps throw', new Proxy({ ...good }, { getPrototypeOf: trap, ownKeys: trap }), undefined],
    ['an instance of a class', new Invoice(), undefined],
    ['a map', new Map(Object.entries(good)), undefined],
    ['a date', new Date(), undefined],
    ['an array', [good], undefined],
    ['a function', () => good, undefined],
    ['null', null, undefined],
    ['nothing', undefined, undefined],
    ['a number', 7, undefined],
    ['an object that inherits its arguments', Object.create(good), undefined],
    ['a symbol for a name', { ...good, [Symbol('fee')]: 1 }, undefined],
    ['a date for a text', { ...good, reason: new Date() }, 'reason'],
    ['a map for a text', { ...good, reason: new Map() }, 'reason'],
    ['an instance for a text', { ...good, reason: new Invoice() }, 'reason'],
    ['a boxed text', { ...good, reason: Object('outage') }, 'reason'],
    ['a proxy for a text', { ...good, reason: new Proxy({}, { get: trap }) }, 'reason'],
    ['an array for a text', { ...good, reason: ['outage'] }, 'reason'],
    ['a text that would be asked for', { ...good, reason: { toString: () => 'outage' } }, 'reason'],
    ['a symbol for a text', { ...good, reason: Symbol('outage') }, 'reason'],
    ['a function for a text', { ...good, reason: () => 'outage' }, 'reason'],
    ['null for a text', { ...good, reason: null }, 'reason'],
    ['null for an optional number', { ...good, fee: null }, 'fee'],
    ['a lone surrogate', { ...good, reason: 'a\udc00b' }, 'reason'],
    ['a NUL', { ...good, reason: 'a\0b' }, 'reason'],
    ['a missing argument', { invoice_id: 'INV-1' }, 'reason'],
    ['an undefined argument', { ...good, reason: undefined }, 'reason'],
  ]
}
