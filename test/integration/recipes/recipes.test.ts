import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRunner, loadConfig, type Runner, validateConfig } from '../../../src/index.js'
import { projectRoot } from '../../support/command.js'
import { openRecipeWorld, type RecipeWorld } from './world.js'

const folder = join(projectRoot, 'recipes')
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.replace('.json', ''))

it('there are five recipes, each with its table', () => {
  expect(names).toEqual([
    'accounts.trial_extension',
    'billing.late_fee_waiver',
    'credits.account_credit',
    'orders.refund_review',
    'support.ticket_resolution',
  ])
  expect(readdirSync(folder).filter((file) => file.endsWith('.sql'))).toEqual(names.map((name) => `${name}.sql`))
})

describe.each(names)('%s', (name) => {
  const config = loadConfig(join(folder, `${name}.json`))
  const [read, proposal] = config.capabilities
  if (read?.kind !== 'read' || proposal?.kind !== 'proposal') throw new Error(`${name} has no read and proposal.`)
  const [lookup = {}] = read.examples ?? []
  const [request = {}] = proposal.examples ?? []
  const role = proposal.approval.required_role ?? ''
  let world: RecipeWorld
  let runner: Runner

  beforeAll(async () => {
    world = await openRecipeWorld(config, readFileSync(join(folder, `${name}.sql`), 'utf8'))
    runner = createRunner(world.config, { env: world.env, ledger: ':memory:' })
    for (const { sql } of runner.migrations()) await world.run(sql)
  })

  afterAll(async () => {
    await runner.close()
    await world.drop()
  })

  it('is valid without a warning', () => {
    const text: unknown = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'))
    expect(validateConfig(text)).toEqual({ ok: true, errors: [], warnings: [] })
  })

  it('is proposed, reviewed, applied and told again, with what the grants of the contract allow', async () => {
    const session = runner.session()
    const before = await world.rows()
    const { data } = await session.inspect(read.name, lookup)
    expect(data).toMatchObject({ id: Object.values(lookup)[0] })

    const { id, hash, diff } = await session.propose(proposal.name, request)
    expect(Object.keys(diff).sort()).toEqual(Object.keys(proposal.patch).sort())
    expect(await world.rows()).toEqual(before)

    const stranger = runner.reviewer({ id: 'dana', roles: ['somebody_else'] })
    await expect(stranger.approve(id, { hash })).rejects.toMatchObject({ code: 'ROLE_REQUIRED' })
    await runner.reviewer({ id: 'dana', roles: [role] }).approve(id, { hash })
    expect(await runner.apply(id)).toMatchObject({ status: 'applied', rows_affected: 1 })

    const after = await session.inspect(read.name, lookup)
    const changed = Object.fromEntries(Object.entries(diff).map(([column, { after: value }]) => [column, value]))
    expect(after.data).toMatchObject(changed)
    expect(await world.others()).toEqual(before.filter(({ tenant_id }) => tenant_id !== 'acme'))
    expect(await runner.replay(id)).toMatchObject({ evidence_verified: true, proposal: { status: 'applied' } })
  })

  it(`finds no row of another tenant`, async () => {
    const [other] = await world.others()
    const foreign = { [read.lookup?.id_from_arg ?? '']: String(other?.id) }
    await expect(runner.session().inspect(read.name, foreign)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const call = runner.session().propose(proposal.name, { ...request, ...foreign })
    await expect(call).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
