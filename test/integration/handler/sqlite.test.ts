import { performingCases } from './performing-cases.js'
import { openSqliteWorld } from './sqlite-world.js'

performingCases('SQLite', openSqliteWorld)
