import { afterAll, beforeAll, describe, it } from 'vitest'
import { driverCases } from '../../../src/testing/driver-cases.js'
import { openPostgresWorld, type PostgresDriverWorld, traits } from './postgres-world.js'

let world: PostgresDriverWorld

beforeAll(async () => {
  world = await openPostgresWorld()
})

afterAll(async () => {
  await world?.close()
})

describe('the PostgreSQL driver', () => {
  for (const { name, run } of driverCases(traits)) it(name, () => run(world))
})
