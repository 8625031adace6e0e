import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { openSqlite } from '../../../src/drivers/sqlite-library.js'
import { type Config, createRunner, type Ledger, type Logger, RunnerError } from '../../../src/index.js'
import { openSqliteLedger } from '../../../src/ledger/sqlite.js'
import { toRunnerError } from '../../../src/operations/envelope.js'
import { createRefusalCounts } from '../../../src/operations/refusal-counts.js'
import { refuse } from '../../../src/operations/refuse.js'
import { fixedClock, memoryLedger } from '../../../src/testing/index.js'

const BRAND = Symbol.for('@synapsor/runner.error')
const SECRET = 'eyJsecret'

const contract: Config = {
  version: 1,
  mode: 'review',
  sources: { shop: { engine: 'sqlite', path: 'shop.db' } },
  capabilities: [
    {
      name: 'billing.inspect_invoice',
      kind: 'read',
      source: 'shop',
      target: { table: 'invoices', primary_key: 'id', tenant_key: 'tenant_id' },
      args: { invoice_id: { type: 'string' } },
      lookup: { id_from_arg: 'invoice_id' },
      visible_columns: ['id'],
    },
  ],
}
const NAME = 'billing.inspect_invoice'
const agent = { tenant_id: 'acme', principal: 'agent' }

/** Answers a refusal for this reason, and tells what was logged. */
function refused(error: unknown, ports: Partial<Parameters<typeof refuse>[0]> = {}) {
  const lines: Parameters<Logger['warn']>[] = []
  const logger: Logger = { info: () => undefined, warn: (...line) => void lines.push(line) }
  const refusals = { add: () => undefined, flush: async () => undefined }
  const call = { name: NAME, kind: 'read', tenant_id: 'acme', error } as const
  const envelope = refuse({ logger, refusals, clock: fixedClock(), ...ports }, call)
  return { envelope, lines, cause: lines[0]?.[1]?.cause }
}

/** A refusal that something else has caused. */
const causedBy = (cause: unknown) => new RunnerError('SOURCE_UNAVAILABLE', 'The source did not answer.', { cause })

function errorOf(message: string, change: Readonly<Record<string, unknown>> = {}): Error {
  return Object.assign(new Error(message), change)
}

describe('the log line of a refusal', () => {
  it.each([
    ['an error', errorOf('no')],
    ['one without a message', errorOf('')],
    ['one of another class', new TypeError('no')],
    ['one that was named after it was made', errorOf('no', { name: 'error' })],
    ['one of ours', new RunnerError('BUSY', 'Not now.')],
    ['one whose message looks like a stack', errorOf(`no "\n    at ${SECRET} (/rows/of.customers:1:2)\n"`)],
  ])('says where %s was thrown', (_, cause) => {
    const { lines } = refused(causedBy(cause))
    expect(lines).toHaveLength(1)
    expect(lines[0]?.[1]).toMatchObject({
      code: 'SOURCE_UNAVAILABLE',
      capability: NAME,
      cause: { at: expect.stringContaining('refuse.test.ts') },
    })
    expect(JSON.stringify(lines)).not.toContain(SECRET)
  })

  it.each([
    [
      'a message that was changed afterwards',
      errorOf('no', { message: 'other', stack: `Error: ${SECRET}\n    at a:1:2` }),
    ],
    ['a stack of its own', errorOf('no', { stack: `    at ${SECRET}:1:2` })],
    ['a stack that begins with it', errorOf('', { stack: `${SECRET}\n    at ${SECRET}`, name: SECRET })],
    ['a name', errorOf('no', { name: `E ${SECRET}`, stack: undefined })],
    ['a long name', errorOf('no', { name: SECRET.repeat(9), stack: undefined })],
    ['a code', errorOf('no', { code: `E ${SECRET}`, stack: undefined })],
    ['a thing that is no error', { name: SECRET, stack: `Error\n    at ${SECRET}:1:2` }],
    ['a text', `    at ${SECRET}:1:2`],
  ])('tells nothing of %s', (_, cause) => {
    const { lines } = refused(causedBy(cause))
    expect(lines).toHaveLength(1)
    const named = cause instanceof Error && cause.name === SECRET ? [SECRET] : []
    expect(JSON.stringify(lines).split(SECRET)).toHaveLength(1 + named.length)
  })

  it('is written for what nobody expected, also where undefined was thrown', () => {
    expect(refused(undefined).cause).toEqual({ name: 'undefined' })
    expect(refused(null).cause).toEqual({ name: 'object' })
  })
})

/** A proxy that nobody can look at. */
const unlooked = new Proxy({}, Object.fromEntries(['get', 'has', 'getPrototypeOf'].map((trap) => [trap, fail])))
function fail(): never {
  throw new Error(SECRET)
}

describe('a refusal is an envelope', () => {
  it.each([
    ['undefined', undefined],
    ['what cannot be looked at', unlooked],
    ['one caused by what cannot be looked at', causedBy(unlooked)],
    ['one whose cause has a stack that is none', causedBy(errorOf('no', { stack: 7 }))],
    [
      'one whose cause throws when it is read',
      causedBy(Object.defineProperty(new Error('no'), 'stack', { get: fail })),
    ],
    ['one whose cause has a name that is none', causedBy(errorOf('no', { name: {}, message: 7 }))],
    ['the brand alone', { [BRAND]: true }],
    ['the brand with a code that throws', Object.defineProperty({ [BRAND]: true }, 'code', { get: fail })],
  ])('for %s', (_, error) => {
    const { envelope, lines } = refused(error)
    expect(envelope).toMatchObject({ ok: false, capability: NAME, error: { code: expect.any(String) } })
    expect(JSON.stringify([envelope, lines])).not.toContain(SECRET)
  })

  it.each([
    ['logger', { logger: { info: fail, warn: fail } }],
    ['logger that answers later', { logger: { info: fail, warn: async () => fail() } }],
    ['clock', { clock: { now: fail } }],
    ['clock that has no time', { clock: { now: () => new Date(Number.NaN) } }],
  ])('whatever the %s of the host throws', (_, ports) => {
    expect(refused(new Error('no'), ports).envelope).toMatchObject({ ok: false, error: { code: 'INTERNAL' } })
  })

  it('takes no more of an error than the one shape has, and no code that there is not', () => {
    const forged = { [BRAND]: true, code: 'INVENTED', message: 'x', toJSON: () => ({ code: 'INVENTED', secret: 1 }) }
    expect(toRunnerError(forged).toJSON()).toMatchObject({ code: 'INTERNAL' })
    expect(toRunnerError({ ...forged, code: 'toString' }).toJSON()).toMatchObject({ code: 'INTERNAL' })
    expect(toRunnerError({ ...forged, code: 'NOT_FOUND', retry: 'now' }).toJSON()).toEqual({
      code: 'NOT_FOUND',
      message: 'x',
      retry: 'never',
      details: {},
      next: 'Check the identifier.',
    })
    const cause = new Error('no')
    const whole = new RunnerError('RATE_LIMITED', 'Slow.', {
      details: { a: 1 },
      next: 'Wait.',
      retry_after_ms: 5,
      cause,
    })
    expect(toRunnerError(whole).toJSON()).toEqual(whole.toJSON())
    expect(toRunnerError(whole).cause).toBe(cause)
  })
})

describe('what a host throws where it is asked who calls', () => {
  const world = () => {
    const lines: unknown[] = []
    const logger: Logger = { info: () => undefined, warn: (...line) => void lines.push(line) }
    const runner = createRunner(contract, { ledger: memoryLedger(), clock: fixedClock(), logger })
    return { runner, lines }
  }

  it.each([
    [
      'an error of ours',
      new RunnerError('NOT_FOUND', SECRET, { details: { row: SECRET } }),
      { name: 'RunnerError', code: 'NOT_FOUND' },
    ],
    ['undefined', undefined, { name: 'Error' }],
    ['null', null, { name: 'object' }],
    ['what cannot be looked at', unlooked, { name: 'object' }],
  ])('is for its log alone: %s', async (_, thrown, cause) => {
    const { runner, lines } = world()
    const source = runner.sessionsFrom(() => {
      throw thrown
    })
    const envelope = await source.tools()[0]?.call({ invoice_id: 'INV-1' })
    expect(envelope?.error).toMatchObject({ code: 'CONTEXT_MISSING', details: {} })
    expect(lines).toMatchObject([[expect.any(String), { code: 'CONTEXT_MISSING', cause }]])
    expect(JSON.stringify([envelope, lines])).not.toContain(SECRET)
    await runner.close()
  })

  it('is not said of what it answers: there the contract says what is missing', async () => {
    const { runner, lines } = world()
    const source = runner.sessionsFrom(() => ({ tenant_id: '*', principal: 'agent' }))
    const envelope = await source.tools()[0]?.call({ invoice_id: 'INV-1' })
    expect(envelope?.error).toMatchObject({ code: 'CONTEXT_MISSING', details: { field: 'tenant_id' } })
    expect(lines).toEqual([])
    await runner.close()
  })
})

describe('the count of refusals', () => {
  const REFUSAL = { minute: '2026-01-02T03:04Z', tenant_id: 'acme', capability: NAME, code: 'INVALID_ARGUMENT' }
  const runnerOver = (countRefusal: Ledger['countRefusal']) => {
    const ledger: Ledger = { ...memoryLedger(), countRefusal, close: async () => undefined }
    return createRunner(contract, { ledger, logger: { info: () => undefined, warn: () => undefined } })
  }
  const NEVER = new Promise<never>(() => undefined)

  it.each([
    ['never answers', () => NEVER],
    ['throws at once', fail],
    ['gives no promise', () => undefined as never],
    ['refuses', () => Promise.reject(new Error(SECRET))],
  ])('holds up no answer where the ledger %s', async (_, countRefusal) => {
    const session = runnerOver(countRefusal).session(agent)
    for (let call = 0; call < 3; call++) {
      expect(await session.call(NAME, {})).toMatchObject({ error: { code: 'INVALID_ARGUMENT' } })
    }
  })

  it('is written one at a time, what came meanwhile as one, and is all there when the runner has closed', async () => {
    const written: number[] = []
    let atOnce = 0
    const runner = runnerOver(async (_, count = 1) => {
      atOnce++
      expect(atOnce).toBe(1)
      await new Promise((resolve) => setTimeout(resolve, 20))
      written.push(count)
      atOnce--
    })
    const session = runner.session(agent)
    await Promise.all(Array.from({ length: 200 }, () => session.call(NAME, {})))
    await runner.close()
    expect(written.reduce((sum, count) => sum + count)).toBe(200)
    expect(written.length).toBeLessThan(5)
  })

  it('is not asked of a ledger that has just said that it cannot be used', async () => {
    const counted: string[] = []
    const refusals = { add: ({ code }: { code: string }) => void counted.push(code), flush: async () => undefined }
    for (const code of ['BUSY', 'LEDGER_UNAVAILABLE', 'LEDGER_OUTDATED', 'LEDGER_TOO_NEW', 'NOT_FOUND'] as const) {
      refused(new RunnerError(code, 'No.'), { refusals })
    }
    expect(counted).toEqual(['NOT_FOUND'])
  })

  it('is given to the ledger again with the next refusal when it was not taken', async () => {
    const taken: (readonly [string, number])[] = []
    let broken = true
    const counts = createRefusalCounts({
      countRefusal: async ({ code }, count = 1) => {
        if (broken) throw new Error('locked')
        taken.push([code, count])
      },
    })
    counts.add(REFUSAL)
    counts.add({ ...REFUSAL, code: 'NOT_FOUND' })
    await counts.flush()
    broken = false
    counts.add(REFUSAL)
    await counts.flush()
    expect(taken.toSorted()).toEqual([
      ['INVALID_ARGUMENT', 2],
      ['NOT_FOUND', 1],
    ])
  })

  it('takes a bounded memory, whatever names and tenants are refused while the ledger takes nothing', async () => {
    let broken = true
    const taken: { readonly capability: string; readonly count: number }[] = []
    const counts = createRefusalCounts({
      countRefusal: async ({ capability }, count = 1) => {
        if (broken) throw new Error('locked')
        taken.push({ capability, count })
      },
    })
    const add = (tenant: string, from: number, to: number) => {
      for (let n = from; n < to; n++) counts.add({ ...REFUSAL, tenant_id: `${tenant}${n % 10}`, capability: `a.b${n}` })
    }
    add('acme', 0, 5000)
    broken = false
    await counts.flush()
    expect(taken).toHaveLength(1010)
    expect(taken.reduce((sum, { count }) => sum + count, 0)).toBe(5000)
    expect(taken.filter(({ capability }) => capability === '')).toHaveLength(10)

    taken.length = 0
    for (let n = 0; n < 5000; n++) counts.add({ ...REFUSAL, tenant_id: `tenant${n}` })
    await counts.flush()
    expect(taken).toHaveLength(2000)
  })

  it('keeps calls by nobody from waiting for a ledger that another process holds', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'synapsor-refuse-'))
    const path = join(folder, 'ledger.db')
    const logger = { info: () => undefined, warn: () => undefined }
    const runner = createRunner(contract, { ledger: path, clock: fixedClock(), logger })
    await runner.ready()
    const [tool] = runner.sessionsFrom(fail).tools()
    const holder = await openSqlite(path, { mode: 'write' })
    holder.exec('begin immediate')

    const delay = monitorEventLoopDelay({ resolution: 5 })
    delay.enable()
    const began = performance.now()
    await Promise.all(Array.from({ length: 200 }, () => tool?.call({})))
    expect(performance.now() - began).toBeLessThan(2000)
    await sleep(200)
    delay.disable()
    // One write asks for the lock now and then. When each call did, the loop stood still for 700 ms.
    expect(delay.max / 1e6).toBeLessThan(350)

    holder.exec('rollback')
    holder.close()
    await runner.close()
    const ledger = openSqliteLedger({ path })
    const { items } = await ledger.listRefusals({})
    expect(items.map(({ code, count }) => [code, count])).toEqual([['CONTEXT_MISSING', 200]])
    await ledger.close()
    rmSync(folder, { recursive: true })
  })
})
