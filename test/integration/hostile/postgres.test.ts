import { describe } from 'vitest'
import { openPostgresShop } from '../loop/shop.js'
import { hostileSuite } from './suite.js'

describe('on postgres', () => {
  hostileSuite(openPostgresShop)
})
