import { describe } from 'vitest'
import { openMysqlShop } from '../loop/shop.js'
import { lostConnectionCases } from './lost-connection.js'

describe('on mysql', () => {
  lostConnectionCases(openMysqlShop)
})
