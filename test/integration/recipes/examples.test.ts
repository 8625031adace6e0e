import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../support/command.js'
import { createMysqlWorld, createPostgresWorld, type MysqlWorld, type PostgresWorld } from '../../support/databases.js'
import { runNode } from '../../unit/docs/run-program.js'

const recipe = (name: string) => readFileSync(join(projectRoot, 'recipes', `${name}.sql`), 'utf8')

describe('examples/postgres.ts', () => {
  const example = ['examples/postgres.ts']
  let world: PostgresWorld

  beforeAll(async () => {
    world = await createPostgresWorld({
      schemaSql: recipe('billing.late_fee_waiver'),
      grants: ({ reader, writer }) => `grant select on invoices to ${reader}, ${writer};
        grant update (late_fee_cents, waiver_reason, updated_at) on invoices to ${writer};
        grant usage, create on schema public to ${writer}`,
    })
  })
  afterAll(() => world.drop())

  it('says what to set', async () => {
    const { exitCode, stderr } = await runNode(example, { cwd: projectRoot })
    expect(exitCode).toBe(1)
    expect(stderr).toContain('Set BILLING_READ_URL and BILLING_WRITE_URL')
  })

  it('goes through the loop', async () => {
    const env = { BILLING_READ_URL: world.readerUrl, BILLING_WRITE_URL: world.writerUrl }
    const { exitCode, stdout, stderr } = await runNode(example, { cwd: projectRoot, env })
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toMatch(/-- grants\n[\s\S]*pending_review[\s\S]*applied .+ -> /)
    const { rows } = await world.admin.query(`select late_fee_cents from invoices where id = 'INV-3001'`)
    expect(rows).toEqual([{ late_fee_cents: 0 }])
  })
})

describe('examples/mysql.ts', () => {
  const example = ['examples/mysql.ts']
  let world: MysqlWorld

  beforeAll(async () => {
    world = await createMysqlWorld({
      schemaSql: recipe('orders.refund_review'),
      grants: ({ database, reader, writer }) => `grant select on ${database}.* to ${reader};
        grant select, insert, update, create on ${database}.* to ${writer}`,
    })
  })
  afterAll(() => world.drop())

  it('says what to set', async () => {
    const { exitCode, stderr } = await runNode(example, { cwd: projectRoot })
    expect(exitCode).toBe(1)
    expect(stderr).toContain('Set ORDERS_READ_URL and ORDERS_WRITE_URL')
  })

  it('goes through the loop', async () => {
    const env = { ORDERS_READ_URL: world.readerUrl, ORDERS_WRITE_URL: world.writerUrl }
    const { exitCode, stdout, stderr } = await runNode(example, { cwd: projectRoot, env })
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toMatch(/pending_review[\s\S]*applied .+ -> /)
    const [rows] = await world.admin.query(`select status, refund_cents from orders where id = 'ORD-7001'`)
    expect(rows).toEqual([{ status: 'refund_requested', refund_cents: 2500 }])
  })
})
