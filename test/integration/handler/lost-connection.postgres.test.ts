import { lostConnectionCases } from './lost-connection-cases.js'
import { openPostgresWorld } from './postgres-world.js'

lostConnectionCases(openPostgresWorld)
