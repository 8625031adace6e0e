import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DESCRIBE } from '../../../src/drivers/postgres-describe.js'
import type { CaseTable } from '../../../src/testing/driver-world.js'
import { addRow, changeOf, readRow } from '../../../src/testing/driver-world.js'
import { openPostgresWorld, type PostgresDriverWorld } from './postgres-world.js'

describe('two PostgreSQL databases with tables alike', () => {
  let here: PostgresDriverWorld
  let there: PostgresDriverWorld
  beforeAll(async () => {
    here = await openPostgresWorld()
    there = await openPostgresWorld()
  })
  afterAll(async () => {
    await here?.close()
    await there?.close()
  })

  const ref = { schema: 'public', table: 'twins' }
  const twin = async (world: PostgresDriverWorld): Promise<CaseTable> => {
    await world.sql('create table if not exists twins (id text primary key, tenant_id text not null, note text)')
    await world.admit(ref)
    const table = { world, ref, info: await world.driver.describe(ref, { fresh: true }) }
    await world.sql('delete from twins')
    await addRow(table, 'INV-1', { note: 'old' })
    return table
  }
  /** What the catalog query says of the place, asked as the given user. */
  const placeFor = async (world: PostgresDriverWorld, user: string): Promise<unknown> => {
    await world.sql(`set role ${user}`)
    const { rows } = await world.admin.query<{ told: string }>(`select (${DESCRIBE})::text as told`, [
      'public',
      'twins',
    ])
    await world.sql('reset role')
    const { database, cluster }: Record<string, unknown> = JSON.parse(rows[0]?.told ?? '{}')
    return { database, cluster }
  }

  it('have fingerprints of their own, and a change proposed on one is drift on the other', async () => {
    const [mine, other] = [await twin(here), await twin(there)]
    expect(mine.info.fingerprint).not.toBe(other.info.fingerprint)

    const change = await changeOf(mine, 'INV-1', { set: { note: 'new' } })
    expect(await there.driver.update(change)).toEqual({ outcome: 'drift' })
    expect((await readRow(other, 'INV-1')).note?.text).toBe('old')
    expect(await there.driver.findReceipt(there.receipts, change.receipt?.key ?? '')).toBeUndefined()

    expect((await here.driver.update(change)).outcome).toBe('applied')
  })

  it('name their cluster to every role alike', async () => {
    await twin(here)
    const places = [await placeFor(here, here.readerName), await placeFor(here, here.writerName)]
    const [[database, cluster] = []] = await here.sql(
      'select current_database(), system_identifier::text from pg_control_system()',
    )
    expect(places).toEqual([
      { database, cluster },
      { database, cluster },
    ])
  })

  it('leave the cluster out where not everybody may ask for it', async () => {
    const { info } = await twin(there)
    await there.sql('revoke execute on function pg_control_system() from public')
    try {
      await there.sql(`grant execute on function pg_control_system() to ${there.writerName}`)
      const table = await twin(there)
      expect(table.info.fingerprint).not.toBe(info.fingerprint)
      const change = await changeOf(table, 'INV-1', { set: { note: 'new' } })
      const fresh = await there.driver.update({ ...change, dry_run: true })
      expect(fresh.outcome).toBe('applied')
    } finally {
      await there.sql('grant execute on function pg_control_system() to public')
    }
  })
})
