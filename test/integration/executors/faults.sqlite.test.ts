import { describe } from 'vitest'
import { openSqliteShop } from '../loop/shop.js'
import { faultCases } from './faults.js'

describe('an app over SQLite', () => {
  faultCases(openSqliteShop)
})
