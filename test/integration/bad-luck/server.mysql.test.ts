import { describe } from 'vitest'
import { openMysqlShop } from '../loop/shop.js'
import { serverCases } from './servers.js'

describe('bad luck with mysql', () => {
  serverCases(openMysqlShop)
})
