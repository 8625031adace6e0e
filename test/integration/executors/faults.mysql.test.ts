import { describe } from 'vitest'
import { openMysqlShop } from '../loop/shop.js'
import { faultCases } from './faults.js'

describe('an app over MariaDB', () => {
  faultCases(openMysqlShop)
})
