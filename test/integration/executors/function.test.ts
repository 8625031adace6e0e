import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ExecutorFunction, HandlerJob, HandlerResult } from '../../../src/index.js'
import { createRunner } from '../../../src/index.js'
import { contractOf, type Loop, openLoop } from '../loop/loop.js'
import { openSqliteShop, type Shop } from '../loop/shop.js'
import { refusal, statusOf } from './desk.js'

const EXECUTORS = { executors: { app: { type: 'function', timeout_ms: 300 } } }
const CHANGE = { propose: { executor: 'app' }, config: EXECUTORS }
const APPLIED = { status: 'applied', rows_affected: 1, source_database_mutated: true } as const

describe('a function of the host', () => {
  let shop: Shop
  let loop: Loop
  beforeAll(async () => {
    shop = await openSqliteShop()
  })
  afterAll(() => shop.drop())
  afterEach(() => loop?.close())

  async function approved(app: ExecutorFunction | undefined) {
    loop = await openLoop(shop, CHANGE, app === undefined ? {} : { executors: { app } })
    return loop.approved()
  }

  it('performs what was approved', async () => {
    const jobs: HandlerJob[] = []
    const { id } = await approved((job) => {
      jobs.push(job)
      return { ...APPLIED, new_object_id: 42 }
    })

    expect(await loop.runner.apply(id)).toMatchObject({ status: 'applied', new_object_id: '42' })
    expect(jobs).toMatchObject([{ idempotency_key: id, executor: 'app', change_set: { patch: { late_fee_cents: 0 } } }])
    expect((await loop.runner.apply(id)).status).toBe('already_applied')
    expect(jobs).toHaveLength(1)
  })

  it('need not say what follows from its status', async () => {
    const { id } = await approved(() => ({ status: 'applied', rows_affected: 2 }))
    expect(await loop.runner.apply(id)).toMatchObject({ status: 'applied', source_database_mutated: true })
    const other = await approved(() => ({ status: 'failed', safe_error_code: 'CREDIT_POLICY_CHANGED' }))
    expect(await loop.runner.apply(other.id)).toMatchObject({ status: 'failed', rows_affected: 0 })
  })

  it('cannot change what it was given', async () => {
    const { id } = await approved((job) => {
      Reflect.set(job.change_set.patch, 'late_fee_cents', 1)
      expect(job.change_set.patch.late_fee_cents).toBe(0)
      expect(Object.isFrozen(job.change_set.scope)).toBe(true)
      return APPLIED
    })

    expect((await loop.runner.apply(id)).status).toBe('applied')
  })

  it('that throws may have written before, and is called again with the same job', async () => {
    const jobs: HandlerJob[] = []
    const { id } = await approved((job) => {
      jobs.push(job)
      if (jobs.length === 1) throw new Error('connection lost: postgres://app:hunter2@db')
      return { status: 'already_applied', rows_affected: 1 }
    })

    const refused = await refusal(loop.runner.apply(id))

    expect(refused).toMatchObject({ code: 'OUTCOME_UNKNOWN', details: { reason: 'exception' } })
    expect(JSON.stringify([refused, refused.cause])).not.toContain('hunter2')
    expect(await loop.runner.reconcile(id)).toMatchObject({ status: 'applied' })
    expect(jobs[1]).toEqual(jobs[0])
  })

  it('that takes too long is told so, and the outcome is unknown', async () => {
    let aborted = false
    const { id } = await approved((_, { signal }) => {
      signal.addEventListener('abort', () => {
        aborted = true
      })
      return new Promise(() => undefined)
    })

    expect(await refusal(loop.runner.apply(id))).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      details: { reason: 'timeout' },
    })
    expect(aborted).toBe(true)
  })

  it.each([
    ['nothing', undefined],
    ['a text', 'applied'],
    ['no status', { rows_affected: 1, source_database_mutated: true }],
    ['what JSON cannot say', { ...APPLIED, details: { rows: 1n } }],
    ['half a character', { ...APPLIED, new_object_id: '\ud800' }],
  ])('that gives %s has not answered', async (_, answer) => {
    const { id } = await approved(() => answer as HandlerResult)

    expect((await refusal(loop.runner.apply(id))).code).toBe('OUTCOME_UNKNOWN')
    expect(await statusOf(loop, { id })).toBe('outcome_unknown')
  })

  it('that is not given leaves the proposal approved', async () => {
    const { id } = await approved(undefined)

    expect(await refusal(loop.runner.apply(id))).toMatchObject({
      code: 'EXECUTOR_UNAVAILABLE',
      next: 'Give it in runtime.executors.app.',
    })
    expect(await statusOf(loop, { id })).toBe('approved')
  })

  it.each(['other', 'toString'])(
    'under a name %s that the contract has not is refused when the runner is made',
    (name) => {
      expect(() => createRunner(contractOf(shop, CHANGE), { executors: { [name]: () => APPLIED } })).toThrow(
        `The contract has no executor ${name} that is a function.`,
      )
    },
  )
})
