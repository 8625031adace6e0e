import { createHmac } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { fixedClock } from '../../../src/testing/index.js'
import { agent, lead } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import type { Arrival, Behaviour } from './app.js'
import { changeOf, type Desk, type DeskOptions, openDesk, refusal, SECRET, statusOf, TOKEN } from './desk.js'

const MINUTE_MS = 60_000
const NO_CHANGE = { rows_affected: 0, source_database_mutated: false }

describe('an HTTP handler of the app', () => {
  let shop: Shop
  let desk: Desk
  beforeAll(async () => {
    shop = await openSqliteShop()
  })
  afterAll(() => shop.drop())
  afterEach(() => desk.close())

  async function approved(options: DeskOptions = {}) {
    desk = await openDesk(shop, options)
    return desk.approved()
  }

  it('performs what was approved, and its answer is the receipt', async () => {
    const { id, hash } = await approved()
    desk.app.next(async ({ perform, answer }) =>
      answer(200, { ...(await perform()), rows_affected: 3, new_version: 7, details: { ledger_lines: 2 } }),
    )

    const receipt = await desk.runner.apply(id)

    expect(receipt).toMatchObject({
      status: 'applied',
      proposal_hash: hash,
      rows_affected: 3,
      new_version: '7',
      new_object_id: 'credit-1',
      details: { ledger_lines: 2 },
      source_database_mutated: true,
    })
    expect(await desk.app.effects()).toBe(1)
    expect(await desk.runner.receipts.get(receipt.receipt_id)).toMatchObject({ status: 'applied', rows_affected: 3 })
    expect(desk.runner.renderReplay(await desk.runner.replay(id), 'markdown')).toContain('credit-1')
  })

  it('is sent what handlers of older runners read, and what they do not know beside it', async () => {
    const { id, hash, evidence_bundle_id } = await approved()

    await desk.runner.apply(id)

    const [arrival] = desk.app.arrivals
    const { decided_at } = (await desk.runner.proposals.get(id)).approval.decisions[0] ?? {}
    expect(arrival?.request).toEqual({
      schema_version: 'synapsor.handler-writeback.v1',
      protocol_version: '1.0',
      writeback_job_id: `hwb_${id}`,
      proposal_id: id,
      proposal_hash: hash,
      proposal_version: 1,
      idempotency_key: id,
      executor: 'app',
      dry_run: false,
      change_set: {
        action: 'billing.propose_late_fee_waiver',
        scope: { tenant_id: 'acme', principal: agent.principal, object_type: 'invoices', object_id: desk.invoice },
        before: { late_fee_cents: 5500, waiver_reason: null },
        patch: { late_fee_cents: 0, waiver_reason: 'outage' },
        after: { late_fee_cents: 0, waiver_reason: 'outage' },
        guards: { expected_version: { column: 'updated_at', value: expect.any(String) } },
        evidence: { bundle_id: evidence_bundle_id },
      },
      target: {
        table: 'invoices',
        primary_key: { column: 'id', value: desk.invoice },
        tenant_key: { column: 'tenant_id', value: 'acme' },
      },
      allowed_columns: ['late_fee_cents', 'waiver_reason'],
      approvals: [{ approver: 'dana', roles: ['billing_lead'], decided_at }],
      issued_at: decided_at,
      expires_at: expect.any(String),
    })
    expect(arrival?.method).toBe('POST')
    expect(arrival?.headers).toMatchObject({ authorization: `Bearer ${TOKEN}`, 'idempotency-key': id })
  })

  it('can tell by the signature that the body and its time are from the runner', async () => {
    const { id } = await approved()

    await desk.runner.apply(id)

    const [{ headers, body }] = desk.app.arrivals as [Arrival]
    const seconds = String(headers['x-synapsor-timestamp'])
    const expected = createHmac('sha256', SECRET).update(`${seconds}.${body}`).digest('hex')
    expect(headers['x-synapsor-signature']).toBe(`sha256=${expected}`)
    expect(Math.abs(Number(seconds) - Date.now() / 1000)).toBeLessThan(60)
  })

  it('is asked by the method of the contract, without a token or a signature where there is none', async () => {
    const { id } = await approved({ executor: { method: 'PUT', auth: undefined, signing_secret_env: undefined } })

    await desk.runner.apply(id)

    const [arrival] = desk.app.arrivals
    expect(arrival?.method).toBe('PUT')
    expect(arrival?.headers).not.toHaveProperty('authorization')
    expect(arrival?.headers).not.toHaveProperty('x-synapsor-signature')
  })

  it('may carry fields that are no columns of the row', async () => {
    const { id } = await approved({
      propose: {
        args: {
          invoice_id: { type: 'string' },
          reason: { type: 'string' },
          fee: { type: 'integer' },
          amount: { type: 'integer' },
        },
        patch: {
          late_fee_cents: { from_arg: 'fee' },
          credit_cents: { from_arg: 'amount' },
          note: { from_arg: 'reason' },
        },
        allowed_columns: ['late_fee_cents', 'credit_cents', 'note'],
        numeric_bounds: { credit_cents: { minimum: 1, maximum: 1000 } },
      },
    }).catch(() => ({ id: '' }))
    expect(id).toBe('')
    const proposal = await desk.propose({ amount: 250 })
    await desk.runner.approve(proposal.id, { hash: proposal.hash, approver: lead })

    expect(proposal.diff).toMatchObject({ credit_cents: { before: null, after: 250 } })
    expect((await refusal(desk.propose({ amount: 1001 }))).code).toBe('BOUND_EXCEEDED')
    await desk.runner.apply(proposal.id)
    expect(desk.app.arrivals[0]?.request.change_set).toMatchObject({
      before: { late_fee_cents: 5500 },
      patch: { late_fee_cents: 0, credit_cents: 250, note: 'outage' },
      after: { late_fee_cents: 0, credit_cents: 250, note: 'outage' },
    })
    expect(desk.app.arrivals[0]?.request.change_set.before).not.toHaveProperty('credit_cents')
  })

  describe('that says', () => {
    it('conflict has not changed anything', async () => {
      const { id } = await approved()
      desk.app.next(({ answer }) => answer(409, { status: 'conflict', ...NO_CHANGE, new_version: 'now' }))

      expect(await desk.runner.apply(id)).toMatchObject({
        status: 'conflict',
        safe_error_code: 'VERSION_CONFLICT',
        new_version: 'now',
      })
      expect(await statusOf(desk, { id })).toBe('conflict')
    })

    it.each(['safe_error_code', 'error_code'])('failed gives its own reason in %s', async (key) => {
      const { id } = await approved()
      desk.app.next(({ answer }) => answer(200, { status: 'failed', ...NO_CHANGE, [key]: 'CREDIT_POLICY_CHANGED' }))

      expect(await desk.runner.apply(id)).toMatchObject({
        status: 'failed',
        safe_error_code: 'CREDIT_POLICY_CHANGED',
        source_database_mutated: false,
      })
      expect(await statusOf(desk, { id })).toBe('failed')
    })

    it('already applied has applied it, even if this ledger knows of no attempt', async () => {
      const { id } = await approved()
      desk.app.next(({ answer }) => answer(200, { status: 'already_applied', ...NO_CHANGE, rows_affected: 1 }))

      expect((await desk.runner.apply(id)).status).toBe('already_applied')
      expect(await statusOf(desk, { id })).toBe('applied')
    })

    it('a code that is a sentence is not repeated', async () => {
      const { id } = await approved()
      desk.app.next(({ answer }) => answer(422, { safe_error_code: 'password for billing is hunter2!' }))

      const receipt = await desk.runner.apply(id)

      expect(receipt.safe_error_code).toBe('HANDLER_REFUSED')
      expect(JSON.stringify(receipt)).not.toContain('hunter2')
    })

    it('more than details may hold is not kept', async () => {
      const { id } = await approved()
      desk.app.next(async ({ perform, answer }) =>
        answer(200, { ...(await perform()), details: { text: 'x'.repeat(100_000) } }),
      )

      expect(await desk.runner.apply(id)).toMatchObject({ status: 'applied', details: { omitted: 'too large' } })
    })
  })

  describe('that says when to come back', () => {
    const later =
      (status: number): Behaviour =>
      ({ response }) =>
        void response.writeHead(status, { 'retry-after': '0' }).end()

    it('is asked again with the same body', async () => {
      const { id } = await approved({ executor: { timeout_ms: 5000 } })
      desk.app.next(later(503), later(429))

      expect((await desk.runner.apply(id)).status).toBe('applied')
      expect(desk.app.arrivals).toHaveLength(3)
      expect(new Set(desk.app.arrivals.map(({ body }) => body)).size).toBe(1)
    })

    it('is asked three times at most', async () => {
      const { id } = await approved({ executor: { timeout_ms: 5000 } })
      desk.app.next(...Array.from({ length: 9 }, () => later(503)))

      expect(await desk.outcome(id)).toBe('OUTCOME_UNKNOWN')
      expect(desk.app.arrivals).toHaveLength(3)
    })

    it.each([502, 503, 504])('is not asked again at once where %i stands alone', async (status) => {
      const { id } = await approved({ executor: { timeout_ms: 5000 } })
      desk.app.next(({ answer }) => answer(status, ''))

      expect(await desk.outcome(id)).toBe('OUTCOME_UNKNOWN')
      expect(desk.app.arrivals).toHaveLength(1)
    })

    it.each([
      ['refuses', 401, 'no'],
      ['says conflict', 409, { status: 'conflict', ...NO_CHANGE }],
    ])('and then %s may have performed it the first time', async (_, status, body) => {
      const { id } = await approved({ executor: { timeout_ms: 5000 } })
      desk.app.next(
        async (exchange) => {
          await exchange.perform()
          await later(503)(exchange)
        },
        ({ answer }) => answer(status, body),
      )

      expect(await desk.outcome(id)).toBe('OUTCOME_UNKNOWN')

      expect(await statusOf(desk, { id })).toBe('outcome_unknown')
      expect(await desk.runner.reconcile(id)).toMatchObject({ status: 'applied' })
      expect(await desk.app.effects()).toBe(1)
    })
  })

  describe('that cannot be reached', () => {
    it('has been sent nothing: the proposal stays approved, and may be applied later', async () => {
      const { id } = await approved({ env: { APP_URL: 'http://127.0.0.1:9/writeback' } })

      expect(await refusal(desk.runner.apply(id))).toMatchObject({
        code: 'HANDLER_UNAVAILABLE',
        retry: 'same_request',
        details: { executor: 'app', reason: 'refused_connection' },
      })

      expect(await statusOf(desk, { id })).toBe('approved')
      const better = desk.again(changeOf(), {
        env: { ...shop.env, APP_URL: desk.app.url, APP_TOKEN: TOKEN, APP_SECRET: SECRET },
      })
      expect((await better.apply(id)).status).toBe('applied')
    })

    it('may be revoked, as nothing was sent', async () => {
      const { id } = await approved({ env: { APP_URL: 'http://127.0.0.1:9/writeback' } })
      await refusal(desk.runner.apply(id))

      expect((await desk.runner.revoke(id, { approver: lead })).status).toBe('revoked')
    })

    it.each([
      ['a host that nobody knows', 'http://handler.invalid/writeback', 'unknown_host'],
      ['a port that speaks no TLS', 'https', 'tls'],
    ])('because of %s', async (_, url, reason) => {
      desk = await openDesk(shop)
      const place = url === 'https' ? desk.app.url.replace('http:', 'https:') : url
      const { id } = await desk.approved()
      const other = desk.again(changeOf(), {
        env: { ...shop.env, APP_URL: place, APP_TOKEN: TOKEN, APP_SECRET: SECRET },
      })

      expect(await refusal(other.apply(id))).toMatchObject({ code: 'HANDLER_UNAVAILABLE', details: { reason } })
    })

    it.each([
      'http://127.0.0.1:1/',
      'http://[::1]:1/',
      'http://[::ffff:10.0.0.1]:1/',
      'http://[::127.0.0.1]:1/',
      'http://[64:ff9b:1::7f00:1]:1/',
      'http://[2002:7f00:1::]:1/',
      'http://[fec0::1]:1/',
      'http://localhost:1/',
    ])('because %s is private and the contract asks for public addresses', async (url) => {
      const { id } = await approved({ executor: { addresses: 'public' }, env: { APP_URL: url } })

      expect(await refusal(desk.runner.apply(id))).toMatchObject({ details: { reason: 'private_address' } })
      expect(desk.app.arrivals).toEqual([])
    })
  })

  describe('whose environment', () => {
    it.each([
      ['lacks the URL', { APP_URL: '' }, 'ENV_MISSING'],
      ['lacks the token', { APP_TOKEN: ' ' }, 'ENV_MISSING'],
      ['lacks the secret', { APP_SECRET: '' }, 'ENV_MISSING'],
      ['holds no URL', { APP_URL: 'handler' }, 'EXECUTOR_UNAVAILABLE'],
      ['holds a URL of something else', { APP_URL: 'file:///etc/passwd' }, 'EXECUTOR_UNAVAILABLE'],
      ['holds a URL with a password', { APP_URL: 'http://app:hunter2@127.0.0.1:1/' }, 'EXECUTOR_UNAVAILABLE'],
      ['holds a token that no header can carry', { APP_TOKEN: 'hunter2\r\nx-evil: 1' }, 'EXECUTOR_UNAVAILABLE'],
    ])('%s is refused before anything begins', async (_, env, code) => {
      const { id } = await approved({ env })

      const refused = await refusal(desk.runner.apply(id))

      expect(refused.code).toBe(code)
      expect(JSON.stringify(refused)).not.toContain('hunter2')
      expect(await statusOf(desk, { id })).toBe('approved')
      expect(desk.app.arrivals).toEqual([])
    })
  })

  describe('asked for a rehearsal', () => {
    it('keeps nothing, and nothing is recorded as applied', async () => {
      const { id } = await approved()

      const receipt = await desk.runner.apply(id, { dry_run: true })

      expect(receipt).toMatchObject({ status: 'applied', dry_run: true, source_database_mutated: false })
      expect(desk.app.arrivals[0]?.request.dry_run).toBe(true)
      expect(await statusOf(desk, { id })).toBe('approved')
      expect(await desk.app.effects()).toBe(0)
    })

    it('may say what would stand in the way', async () => {
      const { id } = await approved()
      desk.app.next(({ answer }) => answer(409, { status: 'conflict', ...NO_CHANGE }))

      expect(await desk.runner.apply(id, { dry_run: true })).toMatchObject({ status: 'conflict', dry_run: true })
      expect(await statusOf(desk, { id })).toBe('approved')
    })

    it('that performs the change all the same has performed it', async () => {
      const { id } = await approved()
      desk.app.next(async ({ perform, answer }) => answer(200, await perform()))

      expect(await desk.runner.apply(id, { dry_run: true })).toMatchObject({ status: 'applied', dry_run: false })
      expect(await statusOf(desk, { id })).toBe('applied')
      expect((await desk.runner.apply(id)).status).toBe('already_applied')
      expect(await desk.app.effects()).toBe(1)
    })

    it('that gives no answer may have performed it', async () => {
      const { id } = await approved()
      desk.app.next(({ response }) => void response.socket?.destroy())

      expect((await refusal(desk.runner.apply(id, { dry_run: true }))).code).toBe('OUTCOME_UNKNOWN')
      expect(await statusOf(desk, { id })).toBe('outcome_unknown')
    })
  })

  describe('when an earlier request went unanswered', () => {
    it('is believed that it refuses once nobody can be at work any more', async () => {
      const clock = fixedClock()
      const { id } = await approved({ runtime: { clock } })
      const conflict = ({ answer }: { answer: (status: number, body: unknown) => void }) =>
        answer(409, { status: 'conflict', ...NO_CHANGE })
      desk.app.next(({ response }) => void response.socket?.destroy(), conflict, conflict)
      await desk.outcome(id)

      expect(await refusal(desk.runner.reconcile(id))).toMatchObject({
        code: 'OUTCOME_UNKNOWN',
        retry_after_ms: 15 * MINUTE_MS,
        details: { answer: 'conflict' },
      })
      clock.advance(15 * MINUTE_MS)
      expect(await desk.runner.reconcile(id)).toMatchObject({ status: 'conflict' })
    })

    it.each([
      ['refuses the credential', 401, 'no'],
      ['says that its key was used for other work', 200, { status: 'failed', ...NO_CHANGE, error_code: 'KEY_REUSED' }],
    ])('is not believed however late where it %s', async (_, status, body) => {
      const clock = fixedClock()
      const { id } = await approved({ runtime: { clock } })
      desk.app.next(
        async ({ perform, response }) => {
          await perform()
          response.socket?.destroy()
        },
        ({ answer }) => answer(status, body),
      )
      await desk.outcome(id)
      clock.advance(24 * 60 * MINUTE_MS)

      expect((await refusal(desk.runner.reconcile(id))).code).toBe('OUTCOME_UNKNOWN')

      expect(await statusOf(desk, { id })).toBe('outcome_unknown')
      expect(await desk.runner.reconcile(id)).toMatchObject({ status: 'applied' })
    })

    it('is believed at once when it says that its key is settled', async () => {
      const { id } = await approved()
      desk.app.next(
        ({ response }) => void response.socket?.destroy(),
        ({ answer }) => answer(409, { status: 'conflict', ...NO_CHANGE, key_settled: true }),
      )
      await desk.outcome(id)

      expect(await desk.runner.reconcile(id)).toMatchObject({ status: 'conflict' })
    })

    it('cannot be revoked', async () => {
      const { id } = await approved()
      desk.app.next(({ response }) => void response.socket?.destroy())
      await desk.outcome(id)

      expect((await refusal(desk.runner.revoke(id, { approver: lead }))).code).toBe('WRONG_STATUS')
    })

    it.each([
      ['the proposal has expired', 8 * 24 * 60 * MINUTE_MS, {}],
      ['the contract has changed', 0, { expires_in_seconds: 60 * 60 }],
    ])('is not asked to perform it when %s, but whether it did', async (_, wait, propose) => {
      const clock = fixedClock()
      const { id } = await approved({ runtime: { clock } })
      desk.app.next(async ({ perform, response }) => {
        await perform()
        response.socket?.destroy()
      })
      await desk.outcome(id)
      clock.advance(wait)
      desk.app.next(async ({ arrival, perform, answer }) => {
        expect(arrival.request).toMatchObject({ settle: true, dry_run: true })
        answer(200, await perform())
      })

      const env = { ...shop.env, APP_URL: desk.app.url, APP_TOKEN: TOKEN, APP_SECRET: SECRET }
      const later = desk.again(changeOf({ propose }), { env, clock })
      expect(await later.reconcile(id)).toMatchObject({ status: 'applied' })
      expect(await desk.app.effects()).toBe(1)
    })

    it('and the proposal has expired, is asked by an apply whether it did, and no more', async () => {
      const clock = fixedClock()
      const { id } = await approved({ runtime: { clock } })
      desk.app.next(
        ({ response }) => void response.socket?.destroy(),
        ({ answer }) => answer(200, { status: 'failed', ...NO_CHANGE, key_settled: true, error_code: 'NOT_APPLIED' }),
      )
      await desk.outcome(id)
      clock.advance(8 * 24 * 60 * MINUTE_MS)

      expect(await desk.outcome(id)).toBe('EXPIRED')

      expect(await statusOf(desk, { id })).toBe('failed')
      expect(await desk.app.effects()).toBe(0)
    })

    it.each([
      ['a rehearsal', 200, { status: 'applied', ...NO_CHANGE, details: { dry_run: true } }],
      ['a refusal at the door', 401, 'no'],
      ['that its key was used for other work', 200, { status: 'failed', ...NO_CHANGE, error_code: 'KEY_REUSED' }],
    ])('and answers to settle with %s, tells nothing, however late', async (_, status, body) => {
      const clock = fixedClock()
      const { id } = await approved({ runtime: { clock } })
      desk.app.next(
        async ({ perform, response }) => {
          await perform()
          response.socket?.destroy()
        },
        ({ answer }) => answer(status, body),
      )
      await desk.outcome(id)
      clock.advance(60 * 24 * 60 * MINUTE_MS)

      expect(await desk.outcome(id)).toBe('OUTCOME_UNKNOWN')

      expect(await statusOf(desk, { id })).toBe('outcome_unknown')
    })
  })

  describe('that nobody can ask any more', () => {
    const lost = { outcome: 'applied', reason: 'Credit 81 is in the books.', approver: lead } as const

    async function unknown(clock = fixedClock()) {
      const { id } = await approved({ runtime: { clock } })
      desk.app.next(({ response }) => void response.socket?.destroy())
      await desk.outcome(id)
      return { id, clock }
    }

    it('leaves it to a person to find out', async () => {
      const { id } = await unknown()

      expect(await desk.runner.reconcile(id, { finding: lost })).toMatchObject({
        status: 'applied',
        receipt: { details: { established_by: 'OPERATOR_FINDING', by: 'dana', reason: lost.reason } },
      })
      expect(desk.app.arrivals).toHaveLength(1)
    })

    it('cannot be found not to have done it while it may be at work', async () => {
      const { id, clock } = await unknown()
      const finding = { ...lost, outcome: 'not_applied' } as const

      expect(await refusal(desk.runner.reconcile(id, { finding }))).toMatchObject({
        code: 'BUSY',
        retry_after_ms: 15 * MINUTE_MS,
      })
      clock.advance(15 * MINUTE_MS)
      expect(await desk.runner.reconcile(id, { finding })).toMatchObject({ status: 'failed' })
    })

    it.each([
      ['by somebody without the role', { ...lost, approver: { id: 'eve', roles: [] } }, 'ROLE_REQUIRED'],
      ['without a reason', { ...lost, reason: ' ' }, 'INVALID_ARGUMENT'],
    ])('is not settled %s', async (_, finding, code) => {
      const { id } = await unknown()

      expect((await refusal(desk.runner.reconcile(id, { finding }))).code).toBe(code)
      expect(await statusOf(desk, { id })).toBe('outcome_unknown')
    })

    it('is asked where its outcome is known', async () => {
      const { id } = await approved()

      expect((await refusal(desk.runner.reconcile(id, { finding: lost }))).code).toBe('WRONG_STATUS')
    })
  })

  describe('and a runner that was held up', () => {
    it('are not brought together once the proposal has expired', async () => {
      const clock = fixedClock()
      const late = { expires: false }
      const approvers = async (id: string) => {
        if (late.expires) clock.advance(8 * 24 * 60 * MINUTE_MS)
        return { id, roles: ['billing_lead'] }
      }
      const { id } = await approved({ runtime: { clock, approvers } })
      late.expires = true

      expect(await desk.outcome(id)).toBe('EXPIRED')
      expect(desk.app.arrivals).toEqual([])
    })

    it('are not kept apart by a clock that was ahead', async () => {
      const clock = fixedClock()
      const { id } = await approved({ runtime: { clock } })
      clock.advance(3 * 24 * 60 * MINUTE_MS)
      desk.app.next(({ response }) => void response.socket?.destroy())
      await desk.outcome(id)
      clock.advance(-3 * 24 * 60 * MINUTE_MS)

      expect(await desk.runner.reconcile(id)).toMatchObject({ status: 'applied' })
    })
  })

  it.each([
    ['safe_error_code', null],
    ['error_code', null],
    ['details', null],
    ['key_settled', null],
    ['proposal_id', null],
    ['new_object_id', { id: 81 }],
    ['new_object_id', 'x'.repeat(2000)],
    ['new_version', [7]],
    ['details', 'none'],
  ])('that applied is understood whatever it says in %s', async (key, value) => {
    const { id } = await approved()
    desk.app.next(async ({ perform, answer }) => answer(200, { ...(await perform()), [key]: value }))

    expect((await desk.runner.apply(id)).status).toBe('applied')
  })

  it.each([
    ['details', { at: 'postgres://app:hunter2hunter2@db/x' }],
    ['new_object_id', 'ghp_0123456789abcdefghijklmnopqrstuvwxyzAB'],
    ['new_version', 'sk_live_0123456789abcdefghij'],
  ])('that sends a secret in %s does not have it kept', async (key, value) => {
    const { id } = await approved()
    desk.app.next(async ({ perform, answer }) => answer(200, { ...(await perform()), [key]: value }))

    const receipt = await desk.runner.apply(id)

    expect(receipt.status).toBe('applied')
    expect(JSON.stringify([receipt, await desk.runner.replay(id)])).not.toMatch(/hunter2|ghp_|sk_live/)
  })

  it('is asked by one attempt at a time', async () => {
    const { id } = await approved({ executor: { timeout_ms: 3000 } })
    let release: () => void = () => undefined
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    desk.app.next(async ({ perform, answer }) => {
      await held
      answer(200, await perform())
    })

    const first = desk.runner.apply(id)
    while (desk.app.arrivals.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    const second = await refusal(desk.runner.apply(id))
    release()

    expect(second).toMatchObject({ code: 'BUSY', retry_after_ms: expect.any(Number) })
    expect((await first).status).toBe('applied')
    expect(await desk.app.effects()).toBe(1)
  })

  it('is not asked for an expired proposal', async () => {
    const clock = fixedClock()
    const { id } = await approved({ runtime: { clock } })
    clock.advance(8 * 24 * 60 * MINUTE_MS)

    expect(await desk.outcome(id)).toBe('EXPIRED')
    expect(await statusOf(desk, { id })).toBe('expired')
    expect(desk.app.arrivals).toEqual([])
  })

  it('shows neither token nor secret in a ledger, an error or a log', async () => {
    const lines: unknown[] = []
    const logger = {
      info: (...line: unknown[]) => void lines.push(line),
      warn: (...line: unknown[]) => void lines.push(line),
    }
    const { id } = await approved({ runtime: { logger } })
    desk.app.next(({ response }) => void response.socket?.destroy())
    const refused = await refusal(desk.runner.apply(id))
    await desk.runner.reconcile(id)

    const told = JSON.stringify([
      lines,
      refused,
      refused.cause,
      await desk.runner.replay(id),
      await desk.runner.entries.list(),
    ])

    expect(told).not.toContain(TOKEN)
    expect(told).not.toContain(SECRET)
    expect(told).not.toContain(desk.app.url)
  })
})
