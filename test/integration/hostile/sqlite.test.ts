import { describe } from 'vitest'
import { openSqliteShop } from '../loop/shop.js'
import { hostileSuite } from './suite.js'

describe('on sqlite', () => {
  hostileSuite(openSqliteShop)
})
