import { endedCases } from './ended-cases.js'
import { performingCases } from './performing-cases.js'
import { openPostgresWorld } from './postgres-world.js'

performingCases('PostgreSQL', openPostgresWorld)
endedCases('PostgreSQL', openPostgresWorld)
