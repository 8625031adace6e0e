import { describe } from 'vitest'
import { openPostgresShop } from '../loop/shop.js'
import { faultCases } from './faults.js'

describe('an app over PostgreSQL', () => {
  faultCases(openPostgresShop)
})
