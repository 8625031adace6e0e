import { describe } from 'vitest'
import { openPostgresShop } from '../loop/shop.js'
import { killedCases } from './killed.js'

describe('on postgres', () => {
  killedCases(openPostgresShop)
})
