import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type ApprovedChange,
  type CapabilityFunction,
  conflict,
  createWritebackHandler,
  type HandlerLog,
  refuse,
} from '../../../src/handler/index.js'
import type { HandlerRequest } from '../../../src/protocol/handler.js'
import { requestOf, TOKEN, toHttp } from './requests.js'
import { AT, DUE, type HandlerWorld, SERIAL } from './world.js'

/** What an app's database does with approved changes, whatever engine it is. */
export function performingCases<Tx>(engine: string, open: () => Promise<HandlerWorld<Tx>>): void {
  describe(`a handler on ${engine}`, () => {
    let world: HandlerWorld<Tx>
    let logs: HandlerLog[] = []
    let errors: unknown[] = []

    beforeAll(async () => {
      world = await open()
    })
    afterAll(() => world.drop())
    beforeEach(async () => {
      logs = []
      errors = []
      await world.sql('update invoices set late_fee = 1500, version = 7')
      await world.sql('delete from credits')
    })

    type Run = CapabilityFunction<Tx>

    const waive: Run = async (job, tx) => ({ rows_affected: await world.waive(job, tx) })
    const handlerOf = (run: Run = waive, database = world.database) =>
      createWritebackHandler({
        token: TOKEN,
        database,
        capabilities: { 'billing.waive': run },
        logger: { info: (_, log) => void logs.push(log as never), warn: (_, log) => void logs.push(log as never) },
        on_error: (error) => void errors.push(error),
      })
    const ask = async (request: HandlerRequest, run?: Run, database?: HandlerWorld<Tx>['database']) => {
      // A header has no blanks at its end.
      const headers = { 'idempotency-key': undefined }
      const response = await handlerOf(run, database)(toHttp(request, { headers }))
      return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) }
    }
    const invoice = async (id = 'INV-1') =>
      (await world.sql(`select late_fee, version from invoices where id = '${id}'`))[0]
    const credits = async () => (await world.sql('select proposal_id from credits')).length
    const receipts = async (key: string) =>
      world.sql(`select answer from synapsor_handler_receipts where idempotency_key = '${key}'`)
    const untouched = async () => {
      expect(await invoice()).toEqual(['1500', '7'])
      expect(await credits()).toBe(0)
    }

    it('makes an approved change once and answers a second request from the receipt', async () => {
      const request = requestOf()
      const first = await ask(request)
      expect(first).toMatchObject({ status: 200, body: { status: 'applied', rows_affected: 2, key_settled: true } })
      expect(first.body).toMatchObject({ previous_version: 7, new_version: 8, source_database_mutated: true })
      const second = await ask(request)
      expect(second.body).toMatchObject({ status: 'already_applied', rows_affected: 2, new_version: 8 })
      expect(second.body.details.original_receipt_id).toMatch(/^hrc_/)
      expect(await invoice()).toEqual(['0', '8'])
      expect(await credits()).toBe(1)
    })

    it('gives the function the locked row as it is, read-only', async () => {
      let seen: ApprovedChange | undefined
      await ask(requestOf(), async (job, tx) => {
        seen = job
        return waive(job, tx)
      })
      expect(seen).toMatchObject({ tenant_id: 'acme', object_id: 'INV-1', patch: { late_fee: 0 }, dry_run: false })
      expect(seen?.row).toEqual({ id: 'INV-1', tenant_id: 'acme', version: 7, late_fee: 1500 })
      expect(Object.isFrozen(seen?.request.change_set.patch)).toBe(true)
    })

    it('makes one change of twenty requests that come at once', async () => {
      const request = requestOf()
      const handler = handlerOf()
      const deliver = async (): Promise<string> => {
        const response = await handler(toHttp(request))
        if (response.status === 503) return deliver()
        return String(JSON.parse(await response.text()).status)
      }
      const answers = await Promise.all(Array.from({ length: 20 }, deliver))
      expect(answers.filter((status) => status === 'applied')).toHaveLength(1)
      expect(answers.filter((status) => status === 'already_applied')).toHaveLength(19)
      expect(await credits()).toBe(1)
    })

    it('has a duplicate wait for the one in flight', async () => {
      const request = requestOf()
      let begin = () => {}
      const begun = new Promise<void>((resolve) => {
        begin = resolve
      })
      let finish = () => {}
      const finished = new Promise<void>((resolve) => {
        finish = resolve
      })
      const first = ask(request, async (job, tx) => {
        begin()
        await finished
        return waive(job, tx)
      })
      await begun
      const second = ask(request)
      finish()
      expect((await first).body.status).toBe('applied')
      expect((await second).body.status).toBe('already_applied')
      expect(await credits()).toBe(1)
    })

    it('answers conflict when the version has moved on, for good', async () => {
      await world.sql('update invoices set version = 8')
      const request = requestOf()
      const { status, body } = await ask(request)
      expect(status).toBe(409)
      expect(body).toMatchObject({ status: 'conflict', safe_error_code: 'ROW_CHANGED', source_database_mutated: false })
      expect(body).toMatchObject({ key_settled: true, details: { columns: ['version'] } })
      await world.sql('update invoices set version = 7')
      expect((await ask(request)).body).toMatchObject({ status: 'conflict', key_settled: true })
      await untouched()
    })

    it('answers conflict when a reviewed value has moved on under the same version', async () => {
      await world.sql('update invoices set late_fee = 1600')
      expect((await ask(requestOf())).body).toMatchObject({ status: 'conflict', details: { columns: ['late_fee'] } })
      expect(await invoice()).toEqual(['1600', '7'])
    })

    it.each([
      ['a moment', 'at', AT, '2026-03-01 04:05:06.123457'],
      ['a wall clock', 'due', DUE, '2026-04-01 00:00:00.000002'],
      ['a whole number beyond 2^53', 'serial', SERIAL, '9007199254740992'],
    ])('tells versions apart to the last digit: %s', async (_, column, value, other) => {
      const zone = engine === 'PostgreSQL' && column === 'at' ? '+00' : ''
      const versionOf = (text: string) => ({ guards: { expected_version: { column, value: text + zone } } })
      expect((await ask(requestOf(versionOf(other)))).body).toMatchObject({
        status: 'conflict',
        safe_error_code: 'ROW_CHANGED',
      })
      await untouched()
      const { body } = await ask(requestOf(versionOf(value)))
      expect(body).toMatchObject({ status: 'applied', previous_version: value + zone, new_version: value + zone })
    })

    it('compares every reviewed column where there is no version', async () => {
      const open = engine === 'MariaDB' ? 1 : true
      const amount = engine === 'SQLite' ? 12.5 : '12.50'
      const reviewed = { late_fee: 1500, amount, open, note: 'née' }
      expect((await ask(requestOf({ guards: { reviewed: { ...reviewed, note: 'nee' } } }))).body.status).toBe(
        'conflict',
      )
      await untouched()
      expect((await ask(requestOf({ guards: { reviewed } }))).body).toMatchObject({ status: 'applied' })
    })

    it.each([
      ['of another tenant', { id: 'INV-2', tenant: 'acme' }],
      ['that is not there', { id: 'INV-9' }],
      ['whose tenant only looks the same', { tenant: 'ACME' }],
      ['whose key only looks the same', { id: 'inv-1' }],
      ['whose key has a blank behind it', { id: 'INV-1 ' }],
    ])('does not touch a row %s', async (_, options) => {
      const { status, body } = await ask(requestOf(options))
      expect(status).toBe(409)
      expect(body).toMatchObject({ status: 'conflict', safe_error_code: 'ROW_NOT_FOUND' })
      await untouched()
      expect(await invoice('INV-2')).toEqual(['1500', '7'])
    })

    it('undoes what a function did before it refused, and keeps the refusal', async () => {
      const request = requestOf()
      const refused = await ask(request, async (job, tx) => {
        await waive(job, tx)
        throw refuse('CREDIT_POLICY_CHANGED', { policy: 'p2' })
      })
      expect(refused).toMatchObject({ status: 200, body: { status: 'failed', source_database_mutated: false } })
      expect(refused.body).toMatchObject({ safe_error_code: 'CREDIT_POLICY_CHANGED', details: { policy: 'p2' } })
      await untouched()
      expect((await ask(request)).body).toMatchObject({ status: 'failed', safe_error_code: 'CREDIT_POLICY_CHANGED' })
      await untouched()
    })

    it('keeps a refusal after a statement of the function has failed', async () => {
      const { body } = await ask(requestOf(), async (_job, tx) => {
        await Promise.resolve(world.fail(tx)).catch(() => undefined)
        throw conflict()
      })
      expect(body).toMatchObject({ status: 'conflict', safe_error_code: 'CONFLICT', key_settled: true })
      await untouched()
    })

    it('rolls back what a function did before it threw, tells nothing of it, and takes the request again', async () => {
      const request = requestOf()
      const { status, body } = await ask(request, async (job, tx) => {
        await waive(job, tx)
        throw new Error('row-canary')
      })
      expect(status).toBe(500)
      expect(body).toEqual({ error_code: 'HANDLER_FAILED', correlation_id: logs[0]?.correlation_id })
      expect(JSON.stringify(logs)).not.toContain('canary')
      expect(String(errors[0])).toContain('row-canary')
      await untouched()
      expect(await receipts(request.idempotency_key)).toEqual([])
      expect((await ask(request)).body.status).toBe('applied')
    })

    it('tells nothing of what the database said', async () => {
      const { status, body } = await ask(requestOf(), async (_job, tx) => void (await world.fail(tx)))
      expect(status).toBe(500)
      expect(JSON.stringify([body, logs])).not.toContain('canary')
      await untouched()
    })

    it('does not pass for done what was caught in a transaction that had failed', async () => {
      const request = requestOf()
      const { status } = await ask(request, async (job, tx) => {
        await waive(job, tx)
        await Promise.resolve(world.fail(tx)).catch(() => undefined)
      })
      // Where a failed statement fails the transaction, nothing of it may be kept; elsewhere the rest of it counts.
      const isKept = (await invoice())?.[1] === '8'
      expect(status).toBe(isKept ? 200 : 500)
      expect(isKept).toBe(engine !== 'PostgreSQL')
    })

    it('rehearses a change and keeps nothing', async () => {
      const request = requestOf()
      const { status, body } = await ask({ ...request, dry_run: true })
      expect(status).toBe(200)
      expect(body).toMatchObject({ status: 'applied', source_database_mutated: false, details: { dry_run: true } })
      expect(body).not.toHaveProperty('key_settled')
      await untouched()
      expect(await receipts(request.idempotency_key)).toEqual([])
      expect((await ask(request)).body.status).toBe('applied')
      expect((await ask({ ...request, dry_run: true })).body.status).toBe('already_applied')
    })

    it('keeps nothing of a rehearsal that ends in a conflict', async () => {
      const request = requestOf({ guards: { expected_version: { column: 'version', value: 6 } } })
      expect((await ask({ ...request, dry_run: true })).body).toMatchObject({ status: 'conflict' })
      expect(await receipts(request.idempotency_key)).toEqual([])
    })

    it('bars a key that was never used', async () => {
      const request = requestOf()
      const settle = { ...request, dry_run: true, settle: true }
      expect((await ask(settle)).body).toMatchObject({
        status: 'failed',
        safe_error_code: 'NOT_APPLIED',
        key_settled: true,
      })
      expect((await ask(request)).body).toMatchObject({ status: 'failed', safe_error_code: 'NOT_APPLIED' })
      expect((await ask(settle)).body).toMatchObject({
        status: 'failed',
        safe_error_code: 'NOT_APPLIED',
        key_settled: true,
      })
      await untouched()
    })

    it('tells what was done when it is to bar a key that was used', async () => {
      const request = requestOf()
      await ask(request)
      const { body } = await ask({ ...request, dry_run: true, settle: true })
      expect(body).toMatchObject({ status: 'already_applied', new_version: 8, key_settled: true })
    })

    it('waits for the one in flight before it bars its key', async () => {
      const request = requestOf()
      let settled: Promise<{ body: { status: string } }> | undefined
      await ask(request, async (job, tx) => {
        settled = ask({ ...request, dry_run: true, settle: true })
        return waive(job, tx)
      })
      expect((await settled)?.body.status).toBe('already_applied')
      expect(await credits()).toBe(1)
    })

    it.each([
      ['another hash', { proposal_hash: `sha256:${'cd'.repeat(32)}` } as const],
      ['another proposal', { proposal_id: 'wrp_other' }],
    ])('does nothing for a key that comes again with %s', async (_, other) => {
      const request = requestOf()
      await ask(request)
      const { body } = await ask({ ...request, ...other })
      expect(body).toMatchObject({ status: 'failed', safe_error_code: 'KEY_REUSED', source_database_mutated: false })
      expect(body).not.toHaveProperty('key_settled')
      expect(await credits()).toBe(1)
    })

    it('does nothing for a key that comes again with another change, where no hash says so', async () => {
      const { proposal_hash: _, ...request } = requestOf()
      await ask(request)
      expect((await ask(request)).body.status).toBe('already_applied')
      const other = { ...request, change_set: requestOf({ late_fee: 1 }).change_set }
      expect((await ask(other)).body).toMatchObject({ status: 'failed', safe_error_code: 'KEY_REUSED' })
      expect(await credits()).toBe(1)
    })

    it('knows a receipt that another program wrote by the hash of its proposal', async () => {
      const request = requestOf()
      await ask(request)
      await world.sql(`update synapsor_handler_receipts set request_digest = 'sha256:of-another-spelling'
        where idempotency_key = '${request.idempotency_key}'`)
      expect((await ask(request)).body).toMatchObject({ status: 'already_applied', key_settled: true })
      expect(await credits()).toBe(1)
    })

    it('tells keys apart byte for byte', async () => {
      const key = `wrp_Case_${Math.random()}`
      await ask(requestOf({ key }))
      await world.sql('update invoices set late_fee = 1500, version = 7')
      expect((await ask(requestOf({ key: key.toUpperCase() }))).body.status).toBe('applied')
      await world.sql('update invoices set late_fee = 1500, version = 7')
      expect((await ask(requestOf({ key: `${key} ` }))).body.status).toBe('applied')
    })

    it('does nothing after the change has expired, for good, but tells what was done before', async () => {
      const expires_at = '2026-01-01T00:00:00.000Z'
      const late = requestOf({ extra: { expires_at } })
      expect(await ask(late)).toMatchObject({ status: 200, body: { status: 'failed', safe_error_code: 'EXPIRED' } })
      await untouched()
      const { expires_at: _, ...endless } = late
      expect((await ask(endless)).body.safe_error_code).toBe('EXPIRED')
      const request = requestOf()
      await ask(request)
      expect((await ask({ ...request, expires_at })).body.status).toBe('already_applied')
    })

    it('leaves the settings of the app as they are, in its function and after it', async () => {
      const own = await world.ownSettings()
      let seen: readonly string[] = []
      await ask(requestOf(), async (job, tx) => {
        seen = await world.settings(tx)
        return waive(job, tx)
      })
      expect(seen).toEqual(own)
      const sessions = await Promise.all([world.ownSettings(), world.ownSettings(), world.ownSettings()])
      expect(sessions).toEqual([own, own, own])
    })

    it('gives up on a row that somebody holds, and says when to come again', async () => {
      const release = await world.hold('INV-1')
      const request = requestOf()
      const held = await ask(request, undefined, world.impatient)
      expect(held).toMatchObject({ status: 503, body: { error_code: 'BUSY' } })
      expect(held.headers.get('retry-after')).toBe('1')
      await release()
      expect((await ask(request)).body.status).toBe('applied')
    })

    it('does nothing without a receipts table, and says so', async () => {
      let ran = false
      const { status, body } = await ask(
        requestOf(),
        async () => {
          ran = true
        },
        world.unmigrated,
      )
      expect({ status, code: body.error_code, ran }).toEqual({ status: 500, code: 'RECEIPTS_MISSING', ran: false })
      expect(logs[0]).toMatchObject({ outcome: 'error', code: 'RECEIPTS_MISSING', capability: 'billing.waive' })
      await untouched()
    })

    it('takes no effects that could not be kept', async () => {
      const { status, body } = await ask(requestOf(), async (job, tx) => {
        await waive(job, tx)
        return { rows_affected: -1 }
      })
      expect({ status, code: body.error_code }).toEqual({ status: 500, code: 'INVALID_ARGUMENT' })
      await untouched()
    })
  })
}
