import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Shop } from '../loop/shop.js'
import { argumentCases } from './arguments.js'
import { bystanderCases } from './bystanders.js'
import { contextCases } from './contexts.js'
import { CORPUS_SIZE, entriesFor, TARGETS } from './corpus.js'
import { type Market, openMarket } from './market.js'
import { nameCases } from './names.js'
import { rowCases } from './rows.js'
import { tenantCases } from './tenants.js'

/** Targets that the cases below take from the corpus. */
const TRIED = [
  'arg:any|http:body',
  'arg:extra_key',
  'arg:id',
  'arg:number',
  'arg:string_id',
  'arg:string|trusted:tenant',
  'arg:timestamp',
  'config:column_or_table|arg:extra_key',
  'db:column_text',
  'env:TENANT_ID|claim',
  'jsonrpc:arguments(raw)',
  'jsonrpc:params.name',
]

/**
 * Everything hostile that can reach a session, a contract or a row of one engine. After each case: nothing was written,
 * no statement was sent that an honest call does not send, and no prototype was touched.
 */
export function hostileSuite(open: () => Promise<Shop>): void {
  describe('hostile input', () => {
    let shop: Shop
    let market: Market
    let before: string
    beforeAll(async () => {
      shop = await open()
      market = await openMarket(shop)
    })
    afterAll(async () => {
      await market?.close()
      await shop?.drop()
    })
    beforeEach(async () => {
      before = await market.contents()
    })
    afterEach(async () => {
      expect(await market.contents()).toBe(before)
      expect(await shop.receipts()).toBe(0)
      expect(market.tap.sent.filter((text) => !market.known.has(text))).toEqual([])
      expect([...market.tap.sent, ...market.aside.sent].filter(isWrite)).toEqual([])
      expect(Reflect.ownKeys(Object.prototype)).toEqual(PROTOTYPE)
      expect(Reflect.get({}, 'tenant_id')).toBeUndefined()
    })

    it('is tried from every target of the corpus', () => {
      expect(CORPUS_SIZE.read).toBe(CORPUS_SIZE.stated)
      expect(TARGETS.toSorted()).toEqual(TRIED)
      expect(TRIED.flatMap(entriesFor)).toHaveLength(169)
    })

    const current = () => market
    argumentCases(current)
    nameCases(current)
    tenantCases(current)
    contextCases(current)
    rowCases(current)
    bystanderCases(current)
  })
}

/** The writer is no part of a session: at most it is asked what the tables are. */
function isWrite(text: string): boolean {
  return text.startsWith('writer: ') && !DESCRIPTION.test(text)
}

const DESCRIPTION = /^writer: (set |rollback$|select [^;]*(information_schema\.|@@))/

const PROTOTYPE = Reflect.ownKeys(Object.prototype)
