import { describe } from 'vitest'
import { openSqliteShop } from '../loop/shop.js'
import { killedCases } from './killed.js'

describe('on sqlite', () => {
  killedCases(openSqliteShop)
})
