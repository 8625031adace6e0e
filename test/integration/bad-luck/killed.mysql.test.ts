import { describe } from 'vitest'
import { openMysqlShop } from '../loop/shop.js'
import { killedCases } from './killed.js'

describe('on mysql', () => {
  killedCases(openMysqlShop)
})
