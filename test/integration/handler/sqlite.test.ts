import { endedCases } from './ended-cases.js'
import { performingCases } from './performing-cases.js'
import { openSqliteWorld } from './sqlite-world.js'

performingCases('SQLite', openSqliteWorld)
endedCases('SQLite', openSqliteWorld)
