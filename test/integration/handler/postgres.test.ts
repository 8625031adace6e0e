import { performingCases } from './performing-cases.js'
import { openPostgresWorld } from './postgres-world.js'

performingCases('PostgreSQL', openPostgresWorld)
