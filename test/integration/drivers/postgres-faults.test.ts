import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Driver, DriverOptions, FaultPoint, GuardedUpdate } from '../../../src/drivers/driver.js'
import { createPostgresDriver } from '../../../src/drivers/postgres.js'
import { addRow, type CaseTable, changeOf, makeTable, readRow } from '../../../src/testing/driver-world.js'
import { openProxy } from '../../support/proxy.js'
import { openPooler } from './pooler.js'
import { openPostgresWorld, type PostgresDriverWorld, traits } from './postgres-world.js'

const CUTS = 150

let world: PostgresDriverWorld
let table: CaseTable
let triggered: CaseTable
let rows = 0

beforeAll(async () => {
  world = await openPostgresWorld()
  table = await makeTable(world, { note: 'text', updated_at: 'instant' })
  const plain = await makeTable(world, { note: 'text', updated_at: 'instant' })
  for (const statement of traits.trigger?.(plain.ref, 'tenant_id', 'old.tenant_id') ?? []) await world.sql(statement)
  triggered = { ...plain, info: await world.driver.describe(plain.ref, { fresh: true }) }
})

afterAll(async () => {
  await world?.close()
})

async function freshChange(of: CaseTable): Promise<GuardedUpdate> {
  rows += 1
  await addRow(of, `INV-${rows}`, { note: 'old', updated_at: '2026-01-01T00:00:00.000001Z' })
  const version = { column: 'updated_at', advance: 'timestamp' } as const
  return changeOf(of, `INV-${rows}`, { set: { note: 'new' }, version })
}

async function within<Result>(
  options: Partial<DriverOptions>,
  work: (driver: Driver) => Promise<Result>,
): Promise<Result> {
  const driver = createPostgresDriver({ ...world.options, ...options })
  try {
    return await work(driver)
  } finally {
    await driver.close()
  }
}

/** What `update` did or threw, in one word. */
async function toldBy(driver: Driver, change: GuardedUpdate): Promise<string> {
  return driver.update(change).then(
    ({ outcome }) => outcome,
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error)),
  )
}

async function noteOf(of: CaseTable, { key }: GuardedUpdate): Promise<string | null | undefined> {
  return (await readRow(of, key.value.text ?? '')).note?.text
}

function cutting(point: FaultPoint): NonNullable<DriverOptions['fault']> {
  return (reached, connection) => {
    if (reached === point) destroy(connection)
  }
}

function destroy(connection: unknown): void {
  const { connection: wire } = connection as pg.PoolClient
  wire.stream.destroy()
}

it('keeps the row locked throughout where no receipt can bar an attempt that is held up', async () => {
  const points: FaultPoint[] = []
  const change = { ...(await freshChange(table)), receipt: null }
  expect(await within({ fault: (point) => void points.push(point) }, (driver) => toldBy(driver, change))).toBe(
    'applied',
  )
  expect(points).toEqual(['connected', 'begun', 'row_updated', 'commit_sent', 'committed'])
})

describe.each([
  ['one statement', () => table],
  ['steps', () => triggered],
])('a defect in an update by %s', (_form, of) => {
  it('is told as one while nothing was sent', async () => {
    const change = await freshChange(of())
    const fault = (): never => {
      throw new TypeError('x is not a function')
    }
    expect(await within({ fault }, (driver) => toldBy(driver, change))).toBe('INTERNAL')
    expect(await noteOf(of(), change)).toBe('old')
    expect(await toldBy(world.driver, change)).toBe('applied')
  })
})

describe.each([
  ['one statement', () => table, ['connected']],
  ['steps', () => triggered, ['connected', 'begun', 'row_updated', 'receipt_written']],
] as const)('a connection cut in an update by %s', (_form, of, early) => {
  it.each(early)('at %s has changed nothing', async (point) => {
    const change = await freshChange(of())
    const told = await within({ fault: cutting(point) }, (driver) => toldBy(driver, change))
    // The next thing sent may be the commit, and then nobody can say that it did not arrive.
    expect(['SOURCE_UNAVAILABLE', 'OUTCOME_UNKNOWN']).toContain(told)
    expect(await noteOf(of(), change)).toBe('old')
    expect(await toldBy(world.driver, change)).toBe('applied')
  })

  it('after the commit was sent leaves an outcome that applying again settles', async () => {
    const change = await freshChange(of())
    expect(await within({ fault: cutting('commit_sent') }, (driver) => toldBy(driver, change))).toBe('OUTCOME_UNKNOWN')
    expect(['applied', 'duplicate']).toContain(await toldBy(world.driver, change))
    expect(await noteOf(of(), change)).toBe('new')
  })

  it('after the commit is known leaves an outcome that settling finds', async () => {
    const change = await freshChange(of())
    expect(await within({ fault: cutting('committed') }, (driver) => toldBy(driver, change))).toBe('applied')
    const receipt = change.receipt && (await world.driver.settle(change.receipt))
    expect(receipt).toMatchObject({ kind: 'applied' })
  })

  it(`at ${CUTS} random moments never lies and never loses a change`, async () => {
    const told: Record<string, number> = {}
    const wrong: string[] = []
    const points: readonly FaultPoint[] = [...early, 'commit_sent']
    let moment: FaultPoint | undefined
    const fault: DriverOptions['fault'] = (point, connection) => {
      if (point !== moment) return
      if (Math.random() < 0.5) destroy(connection)
      else setTimeout(() => destroy(connection), Math.random() * 2)
    }
    await within({ fault, pool: { max: 1 } }, async (driver) => {
      for (let i = 0; i < CUTS; i += 1) {
        const change = await freshChange(of())
        moment = points[i % points.length]
        const first = await toldBy(driver, change)
        told[first] = (told[first] ?? 0) + 1
        const second = await toldBy(world.driver, change)
        if (!isHonest(first, second)) wrong.push(`${first}, then ${second}`)
        if ((await noteOf(of(), change)) !== 'new') wrong.push('not changed')
      }
    })
    expect(wrong, JSON.stringify(told)).toEqual([])
    expect(told.OUTCOME_UNKNOWN ?? 0, JSON.stringify(told)).toBeGreaterThan(0)
  })
})

/** Whether what was told first fits what applying again finds. */
function isHonest(first: string, second: string): boolean {
  if (first === 'applied') return second === 'duplicate'
  if (first === 'SOURCE_UNAVAILABLE') return second === 'applied'
  return first === 'OUTCOME_UNKNOWN' && (second === 'applied' || second === 'duplicate')
}

describe('an answer that does not arrive', () => {
  it('leaves the outcome unknown although the server has committed', async () => {
    const proxy = await openProxy(world.options.writer_url ?? '')
    const change = await freshChange(table)
    const told = await within({ writer_url: proxy.through(world.options.writer_url ?? '') }, async (driver) => {
      await driver.update(await freshChange(table))
      proxy.disturb({ kind: 'mute', after: 0 })
      return toldBy(driver, change)
    })
    await proxy.close()
    expect(told).toBe('OUTCOME_UNKNOWN')
    expect(await toldBy(world.driver, change)).toBe('duplicate')
    expect(await noteOf(table, change)).toBe('new')
  })

  it('is not awaited for longer than the statement may take', async () => {
    const proxy = await openProxy(world.options.writer_url ?? '')
    const change = await freshChange(table)
    const writer_url = proxy.through(world.options.writer_url ?? '')
    const [told, waited] = await within({ writer_url, statement_timeout_ms: 300 }, async (driver) => {
      await driver.update(await freshChange(table))
      proxy.disturb({ kind: 'hole', after: 0 })
      const started = performance.now()
      return [await toldBy(driver, change), performance.now() - started] as const
    })
    await proxy.close()
    expect(told).toBe('OUTCOME_UNKNOWN')
    expect(waited).toBeLessThan(3000)
    expect(await toldBy(world.driver, change)).toBe('applied')
  })

  it('is not awaited by a read either, and the next one finds its way', async () => {
    const proxy = await openProxy(world.options.reader_url ?? '')
    const reader_url = proxy.through(world.options.reader_url ?? '')
    await within({ reader_url, statement_timeout_ms: 300 }, async (driver) => {
      await driver.describe(table.ref)
      proxy.disturb({ kind: 'hole', after: 0 })
      await expect(driver.describe(table.ref, { fresh: true })).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' })
      proxy.disturb(undefined)
      await driver.describe(table.ref, { fresh: true })
    })
    await proxy.close()
  })
})

describe('a server that ends connections', () => {
  it('is asked again by the next call', async () => {
    await within({}, async (driver) => {
      const change = await freshChange(table)
      await driver.describe(table.ref)
      await driver.findReceipt(world.receipts, 'none')
      await world.sql(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'synapsor-runner'
        and datname = current_database()`)
      await new Promise((resolve) => setTimeout(resolve, 100))
      await driver.describe(table.ref, { fresh: true })
      expect(await toldBy(driver, change)).toBe('applied')
    })
  })
})

describe('a pooler that refuses startup options', () => {
  it('gets the settings as a statement', async () => {
    const reader = await openPooler(world.options.reader_url ?? '')
    const writer = await openPooler(world.options.writer_url ?? '')
    await within({ reader_url: reader.url, writer_url: writer.url }, async (driver) => {
      expect((await driver.describe(table.ref)).fingerprint).toBe(table.info.fingerprint)
      expect(await toldBy(driver, await freshChange(table))).toBe('applied')
    })
    await reader.close()
    await writer.close()
  })
})
