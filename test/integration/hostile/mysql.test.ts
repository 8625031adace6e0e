import { describe } from 'vitest'
import { openMysqlShop } from '../loop/shop.js'
import { hostileSuite } from './suite.js'

describe('on mysql', () => {
  hostileSuite(openMysqlShop)
})
