import { describe } from 'vitest'
import { openPostgresShop } from '../loop/shop.js'
import { lostConnectionCases } from './lost-connection.js'

describe('on postgres', () => {
  lostConnectionCases(openPostgresShop)
})
